// Package expression holds the conditions and formulas of a recipe that its author writes as text: when a step applies, whether a
// value needs a second look, what a field is computed from. They are written in CEL and compiled once, when the recipe
// is checked; every reference has a static type, and a number has its unit in it (I13).
//
//	S29.viability >= q("70 %") && S31.branch in ["full", "low_dose"]
//	S35.printed_at - S10.t0 <= d("48 h") || has(S31.branch)
//	F02(S29.tnc_mean, S27.volume_work, param.undiluted)
//
// It must never judge a released attribute: limits of a specification and of an in-process control are quantity.Limit, which
// rounds once to the decimals of the limit (F22). A comparison here is made on the numbers as they are.
//
// What always holds:
//   - numbers are decimals with a unit; there is no binary fraction and no number without q("…"), except for how many
//     decimals round keeps;
//   - an expression that compiles never adds, compares or multiplies units that do not fit, and never compares a choice
//     with a code that is not among its options. All that is wrong is told at once, each with its place in the source;
//   - what is not known is not guessed: a missing value is a MissingError, "<5.00" against 4 an UndecidableError. false && x is
//     false and true || x is true, even so;
//   - Eval depends on nothing but the values, always ends, and may run in many goroutines at once.
//
// Functions: q, d and duration make literals; has, abs, min, max, sum, round; to(x, "mL") converts, minutes(span) is a
// number in min; F01 to F23 and the small formulas of package formula take their inputs in the order of the definition, null
// for an optional one that is left out. There are no loops, no maps, no text operations besides == and in.
package expression
