// Package formula holds the numbered, versioned formulas of the process (F01 to F23, and the small ones that the recipe
// needs between them) as pure functions over named inputs. The master batch record names them; it never writes arithmetic itself.
//
// What always holds:
//   - decimal arithmetic with 34 digits and no rounding: the one rounding is that of the limit (F22, I13);
//   - an input with a wrong name, a wrong unit, a qualifier ("<0.5") or a negative number is an error, and so is what cannot
//     be computed (no cells counted, division by zero). There is no result that only looks like one;
//   - units are converted in listed pairs only (quantity.Quantity.In);
//   - a version, once used in a batch, keeps its meaning. A changed formula is a new version.
//
// It does not know where inputs come from, and it judges nothing.
package formula
