// What is said of a view: the filters as chips that can be taken off, how much of how much is left, and what it comes to.
const chipList = one("#chips");
const labelOf = (name) =>
  filters[name]?.isRange
    ? inputsOf(name)[0].closest("fieldset").querySelector("legend").textContent
    : form.elements[name].closest("label").querySelector("span").textContent;
const saidOf = (name, value) => {
  if (name === "q") return `“${value.trim()}”`;
  if (filters[name].isRange) {
    const [from, to] = value.split("..");
    if (from === to) return from;
    return from && to ? `${from} to ${to}` : from ? `from ${from}` : `up to ${to}`;
  }
  const option = [...form.elements[name].options].find((one) => one.value === value);
  return option ? option.textContent.replace(/ \(\d+\)$/, "") : value;
};
const chip = (name, value) => {
  const text = `${labelOf(name)}: ${saidOf(name, value)}`;
  const about = { type: "button", class: "chip", "data-drop": name, "aria-label": `Remove filter ${text}` };
  return element("li", {}, element("button", about, text, element("span", { "aria-hidden": "true" }, " ✕")));
};

const layChips = (state) => {
  const active = names.filter((name) => state[name]);
  const focused = [...chipList.children].findIndex((item) => item.contains(document.activeElement));
  chipList.replaceChildren(...active.map((name) => chip(name, state[name])));
  chipList.hidden = active.length === 0;
  // Whoever takes chips off by keyboard goes on where the last one was.
  if (focused >= 0) (chipList.children[Math.min(focused, active.length - 1)]?.firstChild || form.elements.q).focus();
  const further = active.filter((name) => form.elements[name]?.closest("#further") || filters[name]?.isRange).length;
  one("#n-further").textContent = further ? ` (${further})` : "";
};

// Amounts in the order of their currencies' names, as the head of the page has them; nothing where all are zero.
const inTotal = (sums) =>
  [...sums.keys()]
    .sort((one, other) => (one < other ? -1 : 1))
    .filter((currency) => sums.get(currency) !== 0n)
    .map((currency) => money(sums.get(currency), currency));
const layAmounts = (selector, texts) => {
  const parts = texts.map((text) => element("span", { class: "amount" }, text));
  one(selector).replaceChildren(...(parts.length ? parts : ["none"]));
};

const totalLines = requestOf.length;
const outOf = (count, total) => (count === total ? "" : ` of ${total}`);

// The head's numbers are those of the view; what nobody may overlook (orders in doubt, documents refused) stays whole.
const layTotals = (shown) => {
  const shownLines = range(0, totalLines).filter(shown.line);
  const value = inTotal(added(shownLines, lines.value, lines.currency));
  const billed = inTotal(added(shownLines, match.billed, match.billed_in));
  const risk = inTotal(added(shown.exceptions, work.at_risk, work.currency));
  one("#sum-requests").textContent = shown.requests.length;
  one("#sum-lines").textContent = shownLines.length;
  layAmounts("#sum-value", value);
  layAmounts("#sum-billed", billed);
  layAmounts("#sum-risk", risk);
  one("#sum-exceptions").textContent = shown.exceptions.length;
  for (const count of all("#severities [data-severity]")) {
    const { severity: name } = count.dataset;
    count.textContent = shown.exceptions.filter((item) => work.severity[item] === name).length;
  }
  one("#of-requests").textContent = outOf(shown.requests.length, requests.request_no.length);
  one("#of-lines").textContent = outOf(shownLines.length, totalLines);
  one("#of-exceptions").textContent = outOf(shown.exceptions.length, workOf.length);
  return { lines: shownLines.length, value, risk };
};

// The numbers beside stages and verdicts: what choosing them would leave.
const layCounts = (links, counts) => {
  for (const link of links) {
    const count = counts.get(link.dataset.value) ?? 0;
    link.lastElementChild.textContent = count;
    link.classList.toggle("none", count === 0);
  }
};
const countedBy = (places, column) => {
  const counts = new Map();
  for (const place of places) counts.set(column[place], (counts.get(column[place]) ?? 0) + 1);
  return counts;
};
const layPhases = (stages) => {
  const everything = [...stages.values()].reduce((sum, count) => sum + count, 0) || 1;
  for (const phase of all(".phases>div")) {
    const here = [...phase.querySelectorAll("a")].reduce((sum, link) => sum + (stages.get(link.dataset.value) ?? 0), 0);
    phase.querySelector("h3>span").textContent = here;
    phase.querySelector(".bar i").style.width = `${Math.round((100 * here) / everything)}%`;
  }
};

// As `ageing` counts: the middle one is the lower of two, and nine of ten are not older than the last number.
const layAges = (places) => {
  for (const row of all("#ageing tbody tr")) {
    const here = places.filter((place) => requests.days[place] && requests.stage[place] === row.dataset.stage);
    const buckets = countedBy(here, requests.age);
    for (const link of row.querySelectorAll("[data-age]")) {
      link.textContent = buckets.get(link.dataset.age) ?? 0;
      link.classList.toggle("soft", !buckets.has(link.dataset.age));
    }
    const sorted = here.map((place) => Number(requests.days[place])).sort((one, other) => one - other);
    const at = (place) => (sorted.length ? `${sorted[place]} d` : "");
    row.cells[row.cells.length - 2].textContent = at(Math.floor((sorted.length - 1) / 2));
    row.cells[row.cells.length - 1].textContent = at(Math.ceil((9 * sorted.length) / 10) - 1);
  }
};
