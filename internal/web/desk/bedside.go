package desk

import (
	"context"
	"time"

	"rexbatch/chainofcustody/phone"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// BedPass gives a named person of the hospital a link and a PIN for the bedside of a batch.
func (d *Desk) BedPass(ctx context.Context, by ledger.Author, number, account string, role people.Role, until time.Time) (people.Pass, people.PassSecrets, error) {
	_, err := d.Plant.Batches.Load(ctx, number)
	if err != nil {
		return people.Pass{}, people.PassSecrets{}, err
	}
	if !role.May(people.Administer) && !role.May(people.RequestSupply) && role != people.Nurse {
		return people.Pass{}, people.PassSecrets{}, ledger.Refuse(ledger.Invalid, "CS-66", "bed-pass-role", "the role {role} does nothing at the bedside", "name the person who gives it, the nurse or the physician", "role", string(role))
	}
	return d.Plant.People.IssuePass(ctx, by, people.NewPass{Account: account, Role: role, Scope: phone.BedScope(number), Until: until})
}
