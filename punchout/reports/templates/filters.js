// What a view can be narrowed by. Each filter says whether it lets a request, a line or an exception through. A choice
// compares one value. A range is written `from..to` and holds both ends, of which one may be open.
const form = one("#find");

const choice = (of, column) => ({ of, test: (wanted) => (place) => column[place] === wanted, clean: (text) => text });
const between = (of, isEnd, tester) => {
  const meant = (end = "") => (isEnd(end.trim()) ? end.trim() : "");
  const write = (from, to) => (meant(from) || meant(to) ? `${meant(from)}..${meant(to)}` : "");
  const clean = (text) => write(...text.split(".."));
  return { of, isRange: true, meant, write, clean, test: (text, state) => tester(text.split(".."), state) };
};

const isDay = (text) => /^\d{4}-\d\d-\d\d$/.test(text);
const isWithin = (value, from, to) => (from === "" || value >= from) && (to === "" || value <= to);

// Of several values one is shown: the earliest, of deliveries the latest. Where another one may lie in the range the line
// is let through: a view rather shows too much than hides an invoice.
const days = (of, column, shownIsLatest = false) =>
  between(of, isDay, ([from, to]) => (place) => {
    const [day, values] = column[place].split("\n");
    if (!isDay(day)) return false;
    if (isWithin(day, from, to)) return true;
    if (!values) return false;
    return shownIsLatest ? to !== "" && day > to : from !== "" && day < from;
  });

// Amounts of several currencies are not added: one of them has to be in the range, the chosen one where one is chosen.
const amounts = (of, sumsOf) =>
  between(of, isAmount, (texts, state) => {
    const [from, to] = texts.map((text) => (text === "" ? "" : millionths(text)));
    return (place) =>
      [...sumsOf[place]].some(
        ([currency, amount]) => (!state.currency || state.currency === currency) && isWithin(amount, from, to),
      );
  });

const acknowledged = (by) => (by ? "yes" : "no");

const filters = {
  stage: choice("request", requests.stage),
  code: choice("exception", work.code),
  order: choice("request", requests.outbox_state),
  age: choice("request", requests.age),
  match: choice("line", match.word),
  company: choice("request", requests.company),
  supplier: choice("request", requests.supplier),
  unit: choice("request", requests.business_unit),
  requester: choice("request", requests.requester),
  currency: choice("line", lines.currency),
  known: choice("exception", work.known_by.map(acknowledged)),
  ordered: days("request", requests.ordered_on),
  shipped: days("line", lines.shipping_date),
  delivery: days("line", lines.delivery_date, true),
  invoiced: days("line", lines.invoice_date),
  value: amounts("request", valueOf),
  billed: amounts("request", billedOf),
  risk: amounts("exception", riskOf),
};
const names = ["q", ...Object.keys(filters)];

// What of the page these filters let through, all but those of some names: a number beside a choice says how many there
// would be if it were taken.
const narrowed = (state, isFound, ...without) => {
  const tests = { request: [], line: [], exception: [] };
  for (const [name, filter] of Object.entries(filters)) {
    if (state[name] && !without.includes(name)) tests[filter.of].push(filter.test(state[name], state));
  }
  const passes = (of) => (place) => tests[of].every((test) => test(place));
  const [request, line, exception] = ["request", "line", "exception"].map(passes);
  const fits = requests.request_no.map(
    (_, place) =>
      isFound(place) &&
      request(place) &&
      (tests.line.length === 0 || linesOf(place).some(line)) &&
      (tests.exception.length === 0 || workAbout[place].some(exception)),
  );
  return {
    requests: [...fits.keys()].filter((place) => fits[place]),
    line: (place) => fits[requestOf[place]] && line(place),
    exceptions: [...workOf.keys()].filter((item) => fits[workOf[item]] && exception(item)),
    fits,
  };
};

// A view is its address: it can be kept as a bookmark and passed on.
const read = () => {
  const parts = new URLSearchParams(location.hash.slice(1));
  return Object.fromEntries(
    names.map((name) => [name, filters[name]?.clean(parts.get(name) || "") ?? (parts.get(name) || "")]),
  );
};
const inputsOf = (name) => [form.elements[`${name}-from`], form.elements[`${name}-to`]];
const entered = () =>
  Object.fromEntries(
    names.map((name) => {
      if (!filters[name]?.isRange) return [name, form.elements[name].value];
      return [name, filters[name].write(...inputsOf(name).map((input) => input.value))];
    }),
  );

// Puts a view into the form, but nothing in place of what somebody is about to type.
const fill = (state) => {
  for (const name of names) {
    if (!filters[name]?.isRange) {
      if (form.elements[name].value !== state[name]) form.elements[name].value = state[name];
      continue;
    }
    const { meant } = filters[name];
    const [from, to = ""] = state[name].split("..");
    for (const [input, wanted] of [[inputsOf(name)[0], from], [inputsOf(name)[1], to]]) {
      if (meant(input.value) !== wanted) input.value = wanted;
      input.setAttribute("aria-invalid", input.value.trim() !== "" && meant(input.value) === "");
    }
  }
};
