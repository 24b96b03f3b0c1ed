package desk

import (
	"context"
	"strings"
	"time"

	"rexbatch/chainofcustody/phone"
	"rexbatch/chainofcustody/shipment"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// Shipments are the shipments of the plant.
func (p *Plant) Shipments() *shipment.Book {
	return p.Batches.Shipments()
}

// Phones takes what phones deliver: handoffs on the way, and what was done at the bedside.
func (p *Plant) Phones() *phone.Book {
	p.phoning.Do(func() {
		book := &phone.Book{Log: p.Log, People: p.People, Clock: p.Custody.Clock}
		book.Moves = p.Batches.Phoned(book, p.People)
		p.phones = book
	})
	return p.phones
}

// CarryPass gives a named person a pass for a shipment that may still be carried.
func (d *Desk) CarryPass(ctx context.Context, by ledger.Author, id shipment.ID, account string, role people.Role, until time.Time) (people.Pass, people.PassSecrets, error) {
	s, err := d.Plant.Shipments().Load(ctx, id)
	if err == nil {
		err = s.MayCarry()
	}
	if err != nil {
		return people.Pass{}, people.PassSecrets{}, err
	}
	return d.Plant.People.IssuePass(ctx, by, people.NewPass{Account: account, Role: role, Scope: shipment.Stream(id), Until: until})
}

// carried refuses a link whose shipment was cancelled, before any phone is enrolled. What phones that were enrolled before sign is
// delivered all the same.
func (p *Plant) carried(ctx context.Context, token string) error {
	pass, err := p.People.PassOfLink(ctx, token)
	if err != nil {
		return err
	}
	id, ok := strings.CutPrefix(pass.Scope, shipment.Stream(""))
	if !ok {
		return nil
	}
	s, err := p.Shipments().Load(ctx, shipment.ID(id))
	if err != nil {
		return err
	}
	return s.MayCarry()
}

// passMark parts the site from the token in a link.
const passMark = "~"

// PassLink is the part of a link that opens a pass. It stands behind the hash of an address, which no browser sends.
func PassLink(p *Plant, token string) string { return p.Site() + passMark + token }

// OpenPass enrols a phone with what its link says and the PIN. Tries are limited for each address.
func (d *Deps) OpenPass(ctx context.Context, link, pin string, key []byte, address string) (*Plant, people.Pass, people.Phone, error) {
	err := d.addresses.Allow(address)
	if err != nil {
		return nil, people.Pass{}, people.Phone{}, err
	}
	site, token, ok := strings.Cut(link, passMark)
	plant, err := d.Plant(site)
	if !ok || err != nil {
		return nil, people.Pass{}, people.Phone{}, ledger.Refuse(ledger.Unauthorised, "CS-34", "link-unknown",
			"This link opens nothing: it is not whole, or a newer one was sent.", "Open the newest link again, or call the plant.")
	}
	err = plant.carried(ctx, token)
	if err != nil {
		return nil, people.Pass{}, people.Phone{}, err
	}
	pass, phone, err := plant.People.EnrolPhone(ctx, token, pin, key)
	return plant, pass, phone, err
}
