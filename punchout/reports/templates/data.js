// The page's data as `packing` wrote it, unpacked, and what is looked up in it.
const one = (selector) => document.querySelector(selector);
const all = (selector) => [...document.querySelectorAll(selector)];

const unpack = (packed) => {
  const known = [];
  const texts = [];
  for (const item of packed) {
    if (typeof item === "string" || item === null) {
      known.push(item);
      texts.push(item);
    } else if (item >= 0) {
      texts.push(known[item]);
    } else {
      const last = texts[texts.length - 1];
      for (let times = item; times < 0; times += 1) texts.push(last);
    }
  }
  return texts;
};
const table = (columns) => Object.fromEntries(Object.entries(columns).map(([name, packed]) => [name, unpack(packed)]));
const several = (text) => (text ? text.split("\n") : []);

const packed = JSON.parse(one("#data").textContent);
const requests = table(packed.requests);
const lines = table(packed.lines);
for (const [name, other] of Object.entries(packed.like)) {
  lines[name] = lines[name].map((text, line) => text ?? lines[other][line]);
}
// What a line comes to in the three-way match stands in columns of the line.
const match = lines;
const events = table(packed.events);
const { of: workOf, ...packedWork } = packed.work;
const work = table(packedWork);
const papers = table(packed.documents);
const { of: decisionOf, ...packedDecisions } = packed.decisions;
const decisions = table(packedDecisions);
const { order, looks, rules } = packed;

// Where the lines, or the events, of each request begin, and at last where they end.
const begins = (counts) => {
  const places = [0];
  for (const count of counts) places.push(places[places.length - 1] + count);
  return places;
};
const firstLine = begins(packed.counts.lines);
const firstEvent = begins(packed.counts.events);
const range = (from, to) => Array.from({ length: to - from }, (_, place) => from + place);
const linesOf = (request) => range(firstLine[request], firstLine[request + 1]);
for (const name of ["shipping_date", "delivery_date", "invoice_id", "invoice_date"]) {
  requests[name] = requests[name].map((text, request) => text ?? lines[name][firstLine[request]].split("\n")[0]);
}
const eventsOf = (request) => range(firstEvent[request], firstEvent[request + 1]);
const requestOf = packed.counts.lines.flatMap((count, request) => Array(count).fill(request));

// What an entry is searched by, a line each: an identifier begins with a text where a line break stands before it.
const searched = (...texts) => "\n" + texts.join("\n").toLowerCase();
const invoiceOf = (line) => several(lines.invoice_id[line])[0] || "";
const searchedLine = (line) => searched(lines.part[line], lines.tracking[line], invoiceOf(line));
const searchedRequests = requests.request_no.map((number, request) =>
  searched(
    number,
    requests.order_id[request],
    requests.confirmation_ids[request],
    requests.requester[request],
    requests.others[request],
    ...linesOf(request).map(searchedLine),
  ),
);
const searchedPapers = papers.identifiers.map((identifiers) => searched(identifiers));
const codesOf = requests.codes.map(several);
const searchedDecisions = decisions.by.map((by, place) => searched(by, decisions.about[place]));

// The exceptions of each request, and what was decided about it.
const grouped = (owners) => {
  const groups = requests.request_no.map(() => []);
  owners.forEach((request, place) => groups[request]?.push(place));
  return groups;
};
const workAbout = grouped(workOf);
const decisionsAbout = grouped(decisionOf);
