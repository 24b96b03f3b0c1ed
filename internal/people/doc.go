// Package people knows who may act: accounts with roles, credentials, sessions and electronic signatures.
//
// One Directory is one site's. Every change of an account is an entry in its stream "account/<username>"; password
// hashes and sessions are ledger Secrets, written in the same Append as the entry that speaks of them, so that no
// state lives in the process and nothing secret ever becomes part of the record.
//
// What must hold:
//
//   - An author or a signature comes from a person who gave the right password, in a role that the person has (I3, I8).
//   - Nobody knows another person's usable password: an issued one opens nothing but its own replacement (CS-35, CS-78).
//   - Five wrong passwords in a row lock an account until an administrator unlocks it, with a reason (CS-37).
//   - An administrator touches no record, and nobody who touches records administers accounts (CS-40).
//   - A username is retired for ever; a person keeps it for life (CS-74).
//
// An outsider learns nothing from a refused sign-in: an unknown, a locked and a disabled account answer as a wrong
// password does, after the same work. Passwords, hashes and tokens appear in no entry, error or log.
//
// The package does not decide what is signed, does not talk HTTP and keeps no training records.
//
// Compatibility: entry types and their fields are only ever added to; entries of every past release still fold.
package people
