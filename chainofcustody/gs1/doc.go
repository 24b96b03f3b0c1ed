// Package gs1 reads and writes the element strings of GS1 (General Specifications): what stands on the labels of suppliers,
// on shippers, on the finished product and on wristbands and badges. An element is an application identifier (AI) and its
// value; elements of no fixed length end with FNC1, which readers send as the control character GS.
//
// What always holds:
//   - a key type (GTIN, SSCC, GLN, GSRN) that is not zero has a check digit that fits;
//   - nothing is corrected: what does not fit the table of AIs, a check digit or the calendar is refused;
//   - typed input needs the brackets of the printed form, "(01)09506000134352(10)A-1"; a bare run of digits is refused.
//
// It does not know which company has which prefix, and it never puts a name, a birth date or anything else of a person into
// a code (AI 7250 to 7259 can be read, so that a hospital's wristband is understood, but not written).
package gs1
