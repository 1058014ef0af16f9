/* SPDX-License-Identifier: MIT */
/* Draws the flame graph of the page's data, or the two of a comparison; search, zoom,
 * tooltips, tables. Texts of the data become text nodes, never markup. */
'use strict';
(() => {
    const data = JSON.parse(document.getElementById('data').textContent);
    const page = document.getElementById('page');
    const isDifference = data.names !== undefined;
    const charts = [];

    function make(tag, className, text, parent) {
        const element = document.createElement(tag);
        if (className)
            element.className = className;
        if (text !== undefined)
            element.textContent = text;
        if (parent)
            parent.appendChild(element);
        return element;
    }

    // ---- numbers ----

    function number(value) {
        return value >= 100 || Number.isInteger(value) ? value.toFixed(0) : value.toPrecision(3);
    }

    function share(part, whole) {
        const percent = whole > 0 ? 100 * part / whole : 0;
        return (percent >= 10 || percent === 0 ? percent.toFixed(0) : percent.toFixed(1)) + ' %';
    }

    // ---- colours ----

    const mostDelta = (function most(node) {
        const own = Math.abs((node.v[0] || 0) - (node.v[1] || 0));
        return Object.values(node.c).reduce((so, child) => Math.max(so, most(child)), own);
    })(data.tree);

    function hash(name) {
        let sum = 2166136261;
        for (const letter of name)
            sum = Math.imul(sum ^ letter.codePointAt(0), 16777619) >>> 0;
        return (sum % 1000) / 1000;
    }

    // The kernel's functions are blue, the map's and the library's are warm.
    function colour(node) {
        if (node.highlight)
            return '#e27bf0';
        if (isDifference) {
            const delta = node.data.a - node.data.b;
            const pale = 96 - 41 * Math.sqrt(Math.abs(delta) / (mostDelta || 1));
            return `hsl(${delta > 0 ? 4 : 214}, 85%, ${pale.toFixed(1)}%)`;
        }
        const at = hash(node.data.name);
        return node.data.name.endsWith('_[k]')
            ? `hsl(${(200 + 20 * at).toFixed(0)}, 62%, ${(70 + 8 * at).toFixed(0)}%)`
            : `hsl(${(18 + 30 * at).toFixed(0)}, 92%, ${(66 + 8 * at).toFixed(0)}%)`;
    }

    // ---- the tooltip ----

    const tip = make('div', 'tip', '', document.body);
    tip.hidden = true;
    document.addEventListener('mousemove', event => {
        const left = event.clientX + 14 + tip.offsetWidth > window.innerWidth;
        const above = event.clientY + 18 + tip.offsetHeight > window.innerHeight;
        tip.style.left = (left ? Math.max(0, event.clientX - 14 - tip.offsetWidth)
                               : event.clientX + 14) + 'px';
        tip.style.top = (above ? event.clientY - 10 - tip.offsetHeight
                               : event.clientY + 18) + 'px';
    });

    function describe(node, total) {
        const own = node.data;
        const lines = [own.name];
        if (isDifference) {
            const delta = own.a - own.b;
            lines.push(`A ${number(own.a)}, B ${number(own.b)} ${data.unit}: ` +
                       `${delta > 0 ? '+' : ''}${number(delta)}` +
                       (own.b > 0 ? ` (${delta > 0 ? '+' : ''}${(100 * delta / own.b).toFixed(0)} %)` : ''));
        } else {
            const inner = (own.children || []).reduce((sum, child) => sum + child.value, 0);
            lines.push(`${number(own.value)} ${data.unit}, ${share(own.value, total)}`);
            lines.push(`itself ${number(own.value - inner)}, ${share(own.value - inner, total)}`);
        }
        return lines;
    }

    function tooltip(total) {
        const show = () => undefined; // the library calls it with its picture
        show.show = node => {
            tip.replaceChildren();
            describe(node, total).forEach((text, i) => make('div', i ? '' : 'name', text, tip));
            tip.hidden = false;
        };
        show.hide = () => { tip.hidden = true; };
        return show;
    }

    // ---- graphs ----

    // The tree as the library wants it; of a comparison, what this side has of it.
    function nodes(name, node, side) {
        const children = Object.entries(node.c)
            .filter(([, child]) => (child.v[side] || 0) > 0)
            .map(([childName, child]) => nodes(childName, child, side));
        return {name, value: node.v[side] || 0, a: node.v[0] || 0, b: node.v[1] || 0, children};
    }

    function width() {
        return Math.max(400, page.clientWidth);
    }

    function draw(heading, rootName, side) {
        if (heading)
            make('h2', '', heading, page);
        const place = make('div', 'chart', undefined, page);
        const root = nodes(rootName, data.tree, side);
        const chart = flamegraph()
            .width(width())
            .cellHeight(20)
            .minFrameSize(0.4)
            .transitionDuration(150)
            .sort(true)
            .tooltip(tooltip(root.value))
            .setColorMapper(colour)
            .setSearchMatch((node, term) => term !== '' &&
                            node.data.name.toLowerCase().includes(term.toLowerCase()))
            .setSearchHandler((found, sum, total) => { chart.found = [sum, total]; })
            .setLabelHandler(node => describe(node, root.value).join(', '));
        d3.select(place).datum(root).call(chart);
        charts.push(chart);
    }

    // ---- controls ----

    const controls = make('div', 'controls', undefined, page);
    const search = make('input', '', undefined, controls);
    search.type = 'search';
    search.placeholder = 'search a function';
    search.setAttribute('aria-label', 'search a function');
    const reset = make('button', '', 'reset zoom', controls);
    const found = make('output', '', '', controls);
    make('span', 'hint', 'Click a box to zoom in' + (isDifference ? '.' : ', a row of a table to search.'), controls);

    function look(term) {
        search.value = term;
        for (const chart of charts)
            term === '' ? chart.clear() : chart.search(term);
        found.textContent = term === '' ? '' : 'found ' + charts.map(chart =>
            share(chart.found[0], chart.found[1])).join(' of A, ') + (isDifference ? ' of B' : '');
    }
    search.addEventListener('input', () => look(search.value));
    reset.addEventListener('click', () => charts.forEach(chart => chart.resetZoom()));
    window.addEventListener('resize', () => charts.forEach(chart => chart.width(width()).update()));

    // ---- tables ----

    function table(parent, heading, titles, rows, searched) {
        const box = make('section', '', undefined, parent);
        make('h2', '', heading, box);
        const body = make('table', '', undefined, box);
        const head = make('tr', '', undefined, make('thead', '', undefined, body));
        titles.forEach(title => make('th', '', title, head));
        const all = make('tbody', '', undefined, body);
        for (const row of rows) {
            const line = make('tr', '', undefined, all);
            row.forEach(text => make('td', '', text, line));
            line.addEventListener('click', () => look(row[searched]));
        }
    }

    const sums = data.tree.v;
    if (isDifference) {
        draw(`A: ${data.names[0]}, ${number(sums[0])} ${data.unit}`, 'timed batches', 0);
        draw(`B: ${data.names[1]}, ${number(sums[1])} ${data.unit}`, 'timed batches', 1);
    } else {
        draw('', 'timed batches', 0);
        const tables = make('div', 'tables', undefined, page);
        table(tables, 'Functions', ['itself', 'with callees', 'function'],
              data.functions.map(([name, self, total]) =>
                  [share(self, sums[0]), share(total, sums[0]), name]), 2);
        table(tables, 'Source lines', ['samples', 'of them kernel', 'line', 'function'],
              data.lines.map(([where, name, samples, kernel]) =>
                  [String(samples), String(kernel), where, name]), 3);
    }
})();
