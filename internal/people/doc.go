// Package people knows who may act and where: accounts with roles, training, credentials, badges, sessions and
// electronic signatures, and the terminals of the site.
//
// One Directory is one site's. Every change of an account is an entry in its stream "account/<username>", of a
// terminal in "terminal/<id>"; hashes of passwords, PINs and codes, and sessions, are ledger Secrets, written in the
// same Append as the entry that speaks of them, so that no state lives in the process and nothing secret ever
// becomes part of the record. What is typed and not confirmed is a Secret too, and no entry (DI-19).
//
// What must hold:
//
//   - An author or a signature comes from a person who gave the right password, in a role that the person has (I3, I8).
//   - Nobody knows another person's usable password: an issued one opens nothing but its own replacement (CS-35, CS-78).
//   - A badge identifies and opens nothing; with its PIN it opens a session at a registered terminal. Neither signs
//     (CS-34, CS-47).
//   - Five wrong passwords in a row lock an account until an administrator unlocks it, with a reason (CS-37).
//   - An administrator touches no record, and nobody who touches records administers accounts (CS-40).
//   - A username is retired for ever; a person keeps it for life (CS-74).
//
// An outsider learns nothing from a refused sign-in: an unknown, a locked and a disabled account answer as a wrong
// password does, after the same work. Passwords, PINs, codes, hashes and tokens appear in no entry, error or log.
//
// The package does not decide what is signed or which step needs which training, and does not talk HTTP.
//
// Compatibility: entry types and their fields are only ever added to; entries of every past release still fold.
package people
