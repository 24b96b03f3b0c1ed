// Package label lays out the labels of containers: what a label says follows from the facts of the batch, a template and
// the approved wording of the destination's language (requirements 2.8, 6.1; LB-1 to LB-4).
//
// What always holds:
//   - the same facts give the same label, dot for dot: there is no clock, and no storage, in this package;
//   - a label without a fact, or a wording, that its template asks for is not made: the refusal names what is missing;
//   - no text is cut and none is smaller than LeastPoints. What may stand elsewhere moves to an accompanying document of
//     the same size, which is part of the same print; what may not, and does not fit, is an error;
//   - the code, of ISBT 128, of the plant or of GS1, carries the canary of keyboard layouts, a check character and the serial
//     (isbt128.LabelContent), and only the label itself has a code: an accompanying document cannot be scanned in its place;
//   - the template of a blinded product cannot say quantity, strength or the time of manufacture (I11, LB-4).
//
// Read it in this order: facts.go, template.go, layout.go. The mark that tells patients apart at a glance is in mark.go.
package label
