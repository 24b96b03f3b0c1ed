// Package epcis says the chain of custody in GS1 EPCIS 2.0 (JSON-LD) with the Core Business Vocabulary 2.0: what happened to
// which material, when, where, why, from whom to whom, at which temperature (requirements 5.2).
//
// It is a mapping and nothing else: pure functions from the states of therapy events, shipments and batches to events, and
// a strict reader of documents of the same form. What always holds:
//   - one fact of the record gives one event, with the same bytes whenever it is exported;
//   - an event's identifier is a digest of its content, so a changed event is not the one that its identifier names (I2);
//   - no event holds a text that a person typed, an account, a subject number, or anything from a blinded step: identities, times, steps
//     and numbers only (I11, I12);
//   - the traps of the vocabulary are avoided: marrow is not "collecting", a QC sample is not "sampling", and of "shipping"
//     and "departing", "receiving" and "arriving" with "accepting", one alone is said of a handoff.
//
// The reader takes what this package writes, from whichever plant, and no more: other vocabularies could bring a name
// into the record that nobody sees there. A document proves nothing of itself; whoever imports it vouches for where it is from.
package epcis
