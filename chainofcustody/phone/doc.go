// Package phone reads what a phone signed while nobody could see it: who gave what to whom, when as far as its clock
// knows, in an order that it cannot change later.
//
// A phone makes a key pair that never leaves it. Each event is one JSON document with a counter and the digest of the
// event before it; the phone signs its exact bytes. The two sides of a handoff sign on their own phones, the receiver
// over the giver's signed event, so a handoff that one of them delivers is proved by both.
//
// The package is pure: it verifies and reads. It does not know shipments, and decides nothing about custody.
//
// Compatibility: the form of an event is version 1 (Format). Phones keep events for days, so a form that was given
// out is read for ever.
package phone
