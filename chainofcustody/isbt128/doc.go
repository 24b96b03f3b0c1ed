// Package isbt128 holds the identifiers of ISBT 128 (ST-001 v6.2.2, ST-028) that tie marrow and product to one
// patient: donation (DIN), Chain of Identity (CoI), product division, and the codes on labels that carry them.
// A mix-up of two patients kills, so a value of these types cannot be an invalid identifier.
//
// What always holds:
//   - every non-zero value was checked by a constructor or parser; the zero value means "none" (IsZero);
//   - nothing is corrected: no change of case, no trimming, no O for 0. What does not fit is refused;
//   - typed identifiers need their check character (ID-12); a bare identifier without check character or data
//     identifier is never taken for a scan;
//   - String, MarshalText and Label are stored and printed forms and do not change.
//
// It does not know which identifiers have been issued (ID-10), nor whom they belong to (ID-13), and it does not print
// codes. ISBT 128 needs a licence and a facility number (FIN) from ICCBBA. A plant without one issues identifiers of the
// same parts under a facility code of its own, with another check character and other labels (package plantid); which
// scheme an identifier has is written in itself (Scheme) and never assumed.
package isbt128
