package desk

import (
	"context"
	"strings"

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
	pass, phone, err := plant.People.EnrolPhone(ctx, token, pin, key)
	return plant, pass, phone, err
}
