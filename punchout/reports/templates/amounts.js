// Exact amounts: whole millionths, never a float. They are read from texts as the page shows them, "1,234.50".
const ONE = 1_000_000n;
const AMOUNT = /^(-?)(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{1,6}))?$/;
const isAmount = (text) => AMOUNT.test(text);
const millionths = (text) => {
  const [, sign, whole, decimals = ""] = AMOUNT.exec(text);
  const amount = BigInt(whole.replaceAll(",", "")) * ONE + BigInt(decimals.padEnd(6, "0"));
  return sign ? -amount : amount;
};

// The same texts are read again with every key that is pressed.
const amountsRead = new Map();
const remembered = (text) => {
  if (!amountsRead.has(text)) amountsRead.set(text, isAmount(text) ? millionths(text) : null);
  return amountsRead.get(text);
};

// Writes an amount with groups of thousands and at least the decimals of its currency.
const money = (amount, currency) => {
  const size = amount < 0n ? -amount : amount;
  const whole = String(size / ONE).replace(/\B(?=(\d{3})+$)/g, ",");
  const digits = String(size % ONE).padStart(6, "0");
  const least = packed.decimals[currency] ?? 2;
  const decimals = digits.slice(0, least) + digits.slice(least).replace(/0+$/, "");
  return (amount < 0n ? "-" : "") + whole + (decimals ? "." + decimals : "") + " " + currency;
};

// Adds amounts, each currency by itself; a text that is no amount adds nothing.
const added = (places, texts, currencies) => {
  const sums = new Map();
  for (const place of places) {
    const amount = remembered(texts[place]);
    if (amount !== null) sums.set(currencies[place], (sums.get(currencies[place]) ?? 0n) + amount);
  }
  return sums;
};

// What each request costs as ordered, and what is billed for its lines; of each exception, what is at risk.
const valueOf = requests.request_no.map((_, request) => added(linesOf(request), lines.value, lines.currency));
const billedOf = requests.request_no.map((_, request) => added(linesOf(request), match.billed, match.billed_in));
const riskOf = workOf.map((_, item) => added([item], work.at_risk, work.currency));
