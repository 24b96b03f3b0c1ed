// Package quantity holds a measured or computed value of the batch record: a decimal number together with
// its unit and its qualifier (I13). "1.20 mL" stays 1.20 and "<5.00 EU/mL" stays a statement about a limit of
// detection; neither is ever a binary float, and nothing is converted between units unless the conversion is listed.
//
// What always holds:
//   - a Quantity is immutable and is either no value at all (the zero Quantity) or a finite number with a unit of the table;
//   - arithmetic is decimal with 34 digits and does not round to fewer; the one rounding happens in Limit.Judge (F22);
//   - a text that can be read as two different numbers ("1.234" typed in Seville or in Frankfurt) is refused, never guessed;
//   - Number and MarshalJSON write a form from which ParseCanonical and UnmarshalJSON give back the same value, with the
//     same decimals. That form is stored in the ledger, so what it accepts today it has to accept for good.
//
// It does no I/O, knows no clock and no language files. It does not estimate uncertainty.
package quantity
