// SPDX-License-Identifier: MIT
// Opens pages of onemiss in a browser without a network and tells what is wrong with them.
//
//     open_pages.js [--report PAGE] [--like PAGE] [--pictures FOLDER] PAGE...
//
// Every page must open from the disk without an error or a request, in light, dark, narrow and
// on paper scroll nowhere but in what is made for it, and run nothing that stood in a label.
// That of --report must please axe and html-validate as well, be reached by the keyboard
// alone, and have a table behind each chart. With --like all must have the elements of that
// one, whatever the labels say. --pictures leaves one picture a page and look.
//
// Prints a line `PAGE: LOOK: what is wrong` each; exit code 0: nothing, 1: something, 2: it
// could not look. Modules are found by NODE_PATH.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const {pathToFileURL} = require('node:url');
const {chromium} = require('playwright-core');

const MOST_BYTES = 1500000;
const looks = {
    light: {media: {media: 'screen', colorScheme: 'light'}, viewport: {width: 1280, height: 900}},
    dark: {media: {media: 'screen', colorScheme: 'dark'}, viewport: {width: 1280, height: 900}},
    narrow: {media: {media: 'screen', colorScheme: 'light'}, viewport: {width: 390, height: 844}},
    print: {media: {media: 'print', colorScheme: 'light'}, viewport: {width: 794, height: 1123}}, // A4
};

// What is said already, up to where it becomes particular: once is enough.
const told = new Set();
function tell(page, look, what) {
    const line = `${path.basename(page)}: ${look}: ${what.replace(/\s+/g, ' ')}`.slice(0, 300);
    if (told.has(line.slice(0, 100)))
        return;
    told.add(line.slice(0, 100));
    console.log(line);
}

// ---- what runs in the page ----

// Element names and how many there are.
function countElements() {
    const counts = {};
    for (const element of document.querySelectorAll('*'))
        counts[element.localName] = (counts[element.localName] || 0) + 1;
    return counts;
}

// What a chart draws and what stands in the table behind it.
function badCharts() {
    return [...document.querySelectorAll('svg[role=img]')].map(chart => {
        const drawn = chart.querySelectorAll('.sign').length;
        const rows = chart.closest('figure')?.querySelectorAll('table tbody tr').length || 0;
        const name = chart.getAttribute('aria-labelledby');
        return rows > 0 && rows === drawn ? '' : `chart ${name} draws ${drawn} points, its table has ${rows}`;
    }).filter(Boolean);
}

// What does not fit: the page into its window, or on paper anything into its box.
function tooWide() {
    const page = document.scrollingElement;
    const found = page.scrollWidth > page.clientWidth
        ? [`scrolls sideways: ${page.scrollWidth} of ${page.clientWidth} px`] : [];
    if (!matchMedia('print').matches)
        return found;
    return found.concat([...document.querySelectorAll('section, pre')]
        .filter(box => box.scrollWidth > box.clientWidth && getComputedStyle(box).overflowX !== 'visible')
        .map(box => `cut off: ${box.scrollWidth} of ${box.clientWidth} px of ${box.outerHTML.slice(0, 80)}`));
}

// Things that a keyboard must reach and has not been to; it went by the attribute below.
function notVisited() {
    const all = 'a[href], summary, button, input, select, textarea, [tabindex="0"]';
    return [...document.querySelectorAll(all)]
        .filter(element => element.checkVisibility() && !element.hasAttribute('data-visited'))
        .map(element => element.outerHTML.slice(0, 80));
}

// Marks what has the focus: '' for nothing, or what it is and whether that can be seen.
function visit() {
    const element = document.activeElement;
    if (element === null || element === document.body)
        return {name: ''};
    const style = getComputedStyle(element);
    const isNew = !element.hasAttribute('data-visited');
    element.setAttribute('data-visited', '');
    return {
        name: element.localName,
        isNew,
        html: element.outerHTML.slice(0, 80),
        isSeen: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 &&
            style.outlineColor !== style.backgroundColor,
    };
}

// ---- what is asked of a page ----

async function isPleasingAxe(page, tell) {
    const {violations} = await page.evaluate(() => axe.run(document, {resultTypes: ['violations']}));
    for (const violation of violations)
        tell(`axe, ${violation.impact}: ${violation.id}: ${violation.nodes[0].html}`);
}

// By Tab from the top to behind the last; what can be opened on the way is.
async function isReachedByKeyboard(page, tell) {
    for (let i = 0; i < 1000; i++) {
        await page.keyboard.press('Tab');
        const focus = await page.evaluate(visit);
        if (focus.name === '' || !focus.isNew)
            break;
        if (!focus.isSeen)
            tell(`the focus cannot be seen on ${focus.html}`);
        if (focus.name === 'summary')
            await page.keyboard.press('Enter');
    }
    for (const html of await page.evaluate(notVisited))
        tell(`the keyboard does not reach ${html}`);
}

async function isValid(file, tell) {
    const {HtmlValidate} = require('html-validate');
    const validator = new HtmlValidate({root: true, extends: ['html-validate:standard']});
    const {results} = await validator.validateString(fs.readFileSync(file, 'utf8'));
    for (const message of results.flatMap(result => result.messages).slice(0, 5))
        tell(`html-validate: line ${message.line}: ${message.ruleId}: ${message.message}`);
}

async function open(browser, file, tell) {
    const context = await browser.newContext({offline: true});
    const page = await context.newPage();
    const url = pathToFileURL(path.resolve(file)).href;
    page.on('console', message => message.type() === 'error' && tell(`console: ${message.text()}`));
    page.on('pageerror', error => tell(`page error: ${error.message}`));
    page.on('request', request => request.url() !== url && tell(`asks for ${request.url()}`));
    page.on('dialog', dialog => tell(`dialog: ${dialog.message()}`));
    await page.goto(url, {waitUntil: 'load'});
    return page;
}

async function isUnharmed(page, tell) {
    (await page.evaluate(tooWide)).forEach(tell);
    if (await page.evaluate(() => window.harmed !== undefined))
        tell('a label was run');
}

async function lookAt(browser, file, wanted) {
    const isReport = file === wanted.report;
    let look = 'opened';
    const say = what => tell(file, look, what);
    if (fs.statSync(file).size > MOST_BYTES)
        say(`${fs.statSync(file).size} bytes`);
    if (isReport)
        await isValid(file, say);
    const page = await open(browser, file, say);
    if (wanted.elements !== undefined)
        (await differences(page, wanted.elements)).forEach(say);
    (await page.evaluate(badCharts)).forEach(say);
    if (isReport)
        await page.evaluate(require('axe-core').source);
    for (look of Object.keys(looks)) {
        await page.setViewportSize(looks[look].viewport);
        await page.emulateMedia(looks[look].media);
        await isUnharmed(page, say);
        if (wanted.pictures !== undefined)
            await page.screenshot({path: path.join(wanted.pictures,
                `${path.basename(file, '.html')}.${look}.png`), fullPage: true});
        if (isReport)
            await isPleasingAxe(page, say);
    }
    look = 'keyboard';
    await page.emulateMedia(looks.light.media);
    if (isReport)
        await isReachedByKeyboard(page, say);
    await page.context().close();
}

async function differences(page, elements) {
    const own = await page.evaluate(countElements);
    return Object.keys({...own, ...elements})
        .filter(name => own[name] !== elements[name])
        .map(name => `${own[name] || 0} elements ${name}, the other page has ${elements[name] || 0}`);
}

async function main(words) {
    const wanted = {}, files = [];
    while (words.length > 0) {
        const word = words.shift();
        if (['--report', '--like', '--pictures'].includes(word))
            wanted[word.slice(2)] = words.shift();
        else
            files.push(word);
    }
    if (wanted.report !== undefined)
        files.unshift(wanted.report);
    if (files.length === 0)
        throw new Error('name a page');
    const browser = await chromium.launch({
        executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
        args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
    });
    try {
        if (wanted.like !== undefined) {
            const page = await open(browser, wanted.like, what => tell(wanted.like, 'opened', what));
            wanted.elements = await page.evaluate(countElements);
        }
        for (const file of files)
            await lookAt(browser, file, wanted);
    } finally {
        await browser.close();
    }
}

main(process.argv.slice(2)).then(() => {
    process.exitCode = told.size > 0 ? 1 : 0;
}, error => {
    console.error(`open_pages.js: ${error.message}`);
    process.exitCode = 2;
});
