package chainofcustody

import (
	"iter"
	"time"

	"rexbatch/chainofcustody/trace"
	"rexbatch/internal/ledger"
)

// views are the documents that follow from the therapy event: what it is connected with (AT-20).
func (t *TherapyEvent) views() (map[string][]byte, error) {
	d := trace.Doc{Of: trace.Node{Kind: trace.CoI, ID: t.CoI.String()}, Links: []trace.Link{}}
	add := func(kind trace.Kind, id, as string) {
		if id != "" {
			d.Links = append(d.Links, trace.Link{Node: trace.Node{Kind: kind, ID: id}, As: as})
		}
	}
	for _, donation := range t.Donations {
		add(trace.Donation, donation.DIN.String(), "")
	}
	for _, o := range t.Offers {
		if o.AcceptedAt.IsZero() {
			continue
		}
		for _, side := range []Custodian{o.From, o.To} {
			kind := trace.Person
			if side.Party == Courier {
				kind = trace.Courier
			}
			add(kind, side.Account, string(side.Party))
		}
	}
	return d.View()
}

// Views are the documents of the event as it will stand once drafts are appended to it: they go into the same append.
func (t *TherapyEvent) Views(by ledger.Author, now time.Time, drafts []ledger.Draft) (map[string][]byte, error) {
	after := t.Clone()
	for _, d := range drafts {
		e, err := ledger.Provisional(d, by, now, after.Version+1)
		if err != nil {
			return nil, err
		}
		err = after.Apply(e)
		if err != nil {
			return nil, err
		}
	}
	return after.views()
}

// Projection rebuilds the documents of therapy events from their entries.
func Projection() ledger.Projection {
	return ledger.Projection{
		Prefix: streamPrefix,
		Views: func(_ ledger.BlobReader, entries iter.Seq2[ledger.Entry, error]) (map[string][]byte, error) {
			t := &TherapyEvent{}
			for e, err := range entries {
				if err != nil {
					return nil, err
				}
				err = t.Apply(e)
				if err != nil {
					return nil, err
				}
			}
			return t.views()
		},
	}
}
