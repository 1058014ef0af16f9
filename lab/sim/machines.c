/* SPDX-License-Identifier: MIT */
/* The table of machines: facts and figures from public sources, named at each.
 *
 * Question. What would the caches of another machine make of these accesses?
 *
 * Method. Sizes, ways, lines and TLBs are published figures. How a last level stands to the
 * others is the vendor's word, put into one of the three forms the model has. Replacement
 * is LRU throughout: a stand-in, since hardly any vendor publishes what it does; the band of
 * models (sim_model_of_band) shows how much hangs on it. Prefetchers are given as none where
 * what is published does not fit one of ours, so that no machine is flattered by a guess:
 * the vendors say of those at the first level that they run on ascending accesses, not on
 * every miss as SIM_NEXT_LINE does; and SIM_ADJACENT_LINE makes of random misses more hits
 * than the notes' laptop had (docs/results says how many). What remains is the stream.
 * Pages are of the size the usual kernel of the machine hands out, TLBs those for this size,
 * and in a row of their own those for pages of 2 MiB. All machines walk, and all kernels
 * zero.
 *
 * Checked against copies of the sources or others' quotations of them: sizes, TLBs but
 * where a row says otherwise, ways of first and second levels. Not checked: that slices of
 * Arm's CMN have 16 ways, and Ice Lake's L2 20 and L3 12, which are what makes the sets of
 * 1.25 MiB and of a slice of 1.5 MiB a power of two.
 *
 * What it does not measure. A shared level counts as a whole, as if the other cores were
 * idle. Slices, partitions, second sockets and memory-side caches of a GPU are left out. */
#include "machines.h"

#include <string.h>

#define KIB(n) ((uint64_t)(n) << 10)
#define MIB(n) ((uint64_t)(n) << 20)

/* Fields in order: levels, how many, line, TLBs, page; then policy, prefetchers, inclusion
 * of the last level, walks, zeroing; then the TLBs for 2 MiB. */
const struct sim_machine sim_machines[] = {
    {"i7-8550U",
     "Intel Core i7-8550U, 2017, laptop: the machine of the notes",
     /* L2 and L3 per core, and "inclusive": WikiChip's Kaby Lake; 8 MiB of L3: ark.intel.com.
      * The first TLB has places of its own for large pages, the second shares its own; the
      * streamer: the manual, on Sandy Bridge and later. */
     "Intel 64 and IA-32 Optimization Reference Manual, Skylake client; WikiChip, Kaby "
     "Lake",
     {{{KIB(32), 8}, {KIB(256), 4}, {MIB(8), 16}}, 3, 64, {{64, 4}, {1536, 12}}, 4096},
     {SIM_LRU, SIM_STREAM, SIM_INCLUSIVE, true, true},
     {{32, 4}, {1536, 12}}},

    {"icelake-server",
     "Intel Xeon Platinum 8375C (Ice Lake SP), 2021, the cloud's c6i",
     /* 1.5 MiB of L3 a slice, 12 ways, 36 slices. The manual calls it non-inclusive and
      * says that lines come from memory to L2 alone and to L3 when L2 gives them up, which
      * is SIM_EXCLUSIVE but for lines that other cores share. Stores have a TLB of their own
      * there, of 16 entries; loads' is used for both. CPUID leaf 18H of the same core (an
      * i7-1068NG7, github.com/urd00m/System-Projects) tells two second TLBs of 128 sets and
      * 8 ways, both for 4 KiB and one of them for 2 MiB: hence 16 ways, and 8. */
     "Intel 64 and IA-32 Optimization Reference Manual, Ice Lake and Skylake server; "
     "CPUID leaf 18H of Ice Lake; Intel support article 27820",
     {{{KIB(48), 12}, {KIB(1280), 20}, {MIB(54), 12}},
      3,
      64,
      {{64, 4}, {2048, 16}},
      4096},
     {SIM_LRU, SIM_STREAM, SIM_EXCLUSIVE, true, true},
     {{32, 4}, {1024, 8}}},

    {"zen4",
     "AMD Zen 4, 2022, one complex of 8 cores (EPYC 9004, Ryzen 7000)",
     /* L3 is filled with what L2 gives up. The guide's L2 stream prefetcher is stream here;
      * those of L1, stride, region and up/down are left out. Both TLBs hold any size up to
      * 2 MiB. */
     "AMD Software Optimization Guide for Zen 4 (57647); Chips and Cheese, Zen 4 part 2",
     {{{KIB(32), 8}, {MIB(1), 8}, {MIB(32), 16}}, 3, 64, {{72, 72}, {3072, 24}}, 4096},
     {SIM_LRU, SIM_STREAM, SIM_EXCLUSIVE, true, true},
     {{72, 72}, {3072, 24}}},

    {"zen5",
     "AMD Zen 5, 2024, one complex of 8 cores (EPYC 9005, Ryzen 9000)",
     /* The second TLB holds "everything but 1G" (Hot Chips); its 16 ways: the guide. */
     "AMD Software Optimization Guide for Zen 5 (58455); AMD at Hot Chips 2024",
     {{{KIB(48), 12}, {MIB(1), 16}, {MIB(32), 16}}, 3, 64, {{96, 96}, {4096, 16}}, 4096},
     {SIM_LRU, SIM_STREAM, SIM_EXCLUSIVE, true, true},
     {{96, 96}, {4096, 16}}},

    {"graviton3",
     "AWS Graviton3 (Arm Neoverse V1), 2021, the cloud's c7g",
     /* Ways of the system cache: those of the CMN mesh's slices. It takes what cores give
      * up of lines that one core uses. The core's prefetchers are not described. 40
      * entries: V2's slides name them as V1's; 8 ways: V2's manual, for as many entries.
      * Arm's TLBs hold 4 KiB and 2 MiB alike. */
     "Arm Neoverse V1 Technical Reference Manual (101427); Arm at Hot Chips 2023; Arm "
     "CMN-650 manual; WikiChip, AWS Graviton3",
     {{{KIB(64), 4}, {MIB(1), 8}, {MIB(32), 16}}, 3, 64, {{40, 40}, {2048, 8}}, 4096},
     {SIM_LRU, 0, SIM_EXCLUSIVE, true, true},
     {{40, 40}, {2048, 8}}},

    {"graviton4",
     "AWS Graviton4 (Arm Neoverse V2), 2023, the cloud's c8g",
     "Arm Neoverse V2 Technical Reference Manual (102375); Arm CMN-700 manual; Chips and "
     "Cheese, Graviton 4",
     {{{KIB(64), 4}, {MIB(2), 8}, {MIB(36), 16}}, 3, 64, {{48, 48}, {2048, 8}}, 4096},
     {SIM_LRU, 0, SIM_EXCLUSIVE, true, true},
     {{48, 48}, {2048, 8}}},

    {"apple-m1",
     "Apple M1, 2020, a performance core and the L2 of its cluster",
     /* Sizes and lines: sysctl hw.perflevel0; ways: VirtualBox's CPU database, which has the
      * first level's registers speak of lines of 64 bytes. Entries of the TLBs: Apple; their
      * ways: measured on jia.je. With pages of 16 KiB the next size is 32 MiB, not 2.
      * The system cache of 8 MiB behind it belongs to memory and serves the GPU as well; it
      * is smaller than L2 and left out. */
     "macOS sysctl hw.perflevel0, hw.cachelinesize, hw.pagesize; Apple Silicon CPU "
     "Optimization Guide; jia.je, Apple M1; VirtualBox ARM_Apple_M1.h",
     {{{KIB(128), 8}, {MIB(12), 12}}, 2, 128, {{160, 5}, {3072, 12}}, 16384},
     {SIM_LRU, 0, SIM_NEITHER, true, true},
     {{0, 0}, {0, 0}}},

    {"raspberry-pi-5",
     "Raspberry Pi 5 (Broadcom BCM2712, Arm Cortex-A76), 2023",
     /* Sizes: the device tree. L3: exclusive while one core uses a line, says the DSU
      * manual. L2 also includes L1, which the model does not have. Pages are those of
      * Debian's and Ubuntu's kernels. */
     "Linux bcm2712.dtsi; Arm Cortex-A76 (100798) and DynamIQ Shared Unit (100453) "
     "Technical Reference Manuals",
     {{{KIB(64), 4}, {KIB(512), 8}, {MIB(2), 16}}, 3, 64, {{48, 48}, {1280, 5}}, 4096},
     {SIM_LRU, 0, SIM_EXCLUSIVE, true, true},
     {{48, 48}, {1280, 5}}},
};

const size_t sim_n_machines = sizeof sim_machines / sizeof sim_machines[0];

const struct sim_machine *sim_machine_find(const char *name)
{
    for (size_t i = 0; i < sim_n_machines; i++)
        if (strcmp(sim_machines[i].name, name) == 0)
            return &sim_machines[i];
    return NULL;
}

bool sim_machine_huge(const struct sim_machine *machine, struct sim_geometry *geometry)
{
    if (machine->huge_tlbs[0].entries == 0)
        return false;
    *geometry = machine->geometry;
    memcpy(geometry->tlbs, machine->huge_tlbs, sizeof geometry->tlbs);
    geometry->page_bytes = SIM_HUGE_PAGE;
    return true;
}

struct sim_model sim_model_of_band(unsigned i, const struct sim_model *like)
{
    static const unsigned prefetchers[] = {0, SIM_NEXT_LINE, SIM_STREAM};
    struct sim_model model = *like;
    model.policy = (enum sim_policy)(i / 3 % SIM_N_POLICIES);
    model.prefetchers = prefetchers[i % 3];
    return model;
}
