// Package printing brings labels to network printers: raw TCP, as label printers take it on port 9100.
//
// It knows nothing of batches: a job is bytes for a printer. What always holds:
//   - every attempt is bounded in time, and there are as many as Policy says, with growing waits between them;
//   - a failure says whether something may be on paper all the same (Fault.Unsure); such a job is not sent again by itself,
//     because a label that may lie at the printer is for a person to look at;
//   - a printer that answers ~HS is asked before and after a job: no paper, an open head or a pause is found before
//     anything is sent, and a job counts as printed only when the printer still answers after it;
//   - two jobs never go to one printer at the same time.
//
// Which labels wait follows from the ledger; nothing is kept here that a restart could lose.
package printing
