// Package bedside decides whether the product may be given to the patient who lies there, and keeps what was done:
// every scan, the stop or the start, the end with the volumes, and what a physician asked the plant for.
//
// What the bedside has to know without a network is one Statement: an entry of the plant's log, handed over with its
// proof. Certificate, containers, limb and expiry are compared with it and with nothing else. There is no name in it, and
// nothing that tells the arm of a trial (I11, I12).
//
// Decide is the one way to a start. It knows no override: where a rule stands against it there is no Go, and without a Go
// there is no Start (I4, I10). A phone decides the same with templates/static/courier/bed.js; both are held to the
// examples in testdata/bedside. What a phone did stands in the record whatever the server thinks of it: a fact that
// should not be is an exception of the batch and never dropped.
package bedside
