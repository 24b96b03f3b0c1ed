// Package chainofcustody keeps the chain of identity and the chain of custody: which patient's material is
// in a container, and who answers for it now.
//
// One therapy event is one aggregate (stream "therapy/<CoI>"). Its Chain of Identity identifier is issued once,
// before the first collection, and never reused. Donations, the tree of containers, every scan and every handoff
// belong to it, so material of two patients can never stand in one tree: there is no way to say it.
//
// Decisions are pure functions of the folded state; Book loads, decides and appends.
package chainofcustody

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"rexbatch/chainofcustody/isbt128"
	"rexbatch/internal/ledger"
)

// The types of entry in a therapy event's stream.
const (
	typeOrdered    = "custody.therapy-ordered"
	typeDonation   = "custody.donation-registered"
	typeContainer  = "custody.container-created"
	typeScanned    = "custody.scanned"
	typeOffered    = "custody.handoff-offered"
	typeAccepted   = "custody.handoff-accepted"
	typeWithdrawn  = "custody.handoff-withdrawn"
	typeIssued     = "custody.number-issued"
	streamPrefix   = "therapy/"
	claimSubject   = "subject/"
	claimCoI       = "coi/"
	claimDIN       = "din/"
	claimContainer = "container/"
)

// TherapyEvent is one treatment of one patient: identity, donations, containers and their custody, as the
// entries say (I6: one therapy event has one CoI).
type TherapyEvent struct {
	CoI        isbt128.CoI
	Subject    string // trial subject number, the second identifier (AT-13); never a name
	Site       string // the plant whose log holds the event
	Backup     string // the plant that makes it when this one cannot; empty when none was named
	OrderedAt  time.Time
	Donations  []Donation
	Containers []*Container // in order of creation
	Scans      []ScanRecord
	Offers     []Offer
	Amendments []Amendment     // of the order, in order
	From       *Moved          // where it stood before this plant took it on; nil for one that was ordered here
	Carried    []ledger.Digest // leaves of the entries of the other plant's log that have come here, in order
	Version    uint64

	byID map[string]*Container
}

// Donation is one marrow collection with its own Donation Identification Number under the same CoI.
type Donation struct {
	DIN          isbt128.DIN
	RegisteredAt time.Time
}

type ordered struct {
	CoI     string `json:"coi"`
	Subject string `json:"subject"`
	Site    string `json:"site"`
	Backup  string `json:"backup,omitempty"`
}

type donationRegistered struct {
	DIN string `json:"din"`
}

// Stream is the stream of a therapy event.
func Stream(coi isbt128.CoI) string { return streamPrefix + coi.String() }

// Clone is an independent copy: what is applied to one is not seen in the other.
func (t *TherapyEvent) Clone() *TherapyEvent {
	c := *t
	c.Donations, c.Scans, c.Offers = slices.Clip(t.Donations), slices.Clip(t.Scans), slices.Clone(t.Offers)
	c.Amendments, c.Carried = slices.Clip(t.Amendments), slices.Clip(t.Carried)
	c.Containers, c.byID = make([]*Container, len(t.Containers)), make(map[string]*Container, len(t.byID))
	for i, container := range t.Containers {
		copied := *container
		c.Containers[i], c.byID[copied.ID.String()] = &copied, &copied
	}
	return &c
}

// Apply folds one entry of the event's stream into the state.
func (t *TherapyEvent) Apply(e ledger.Entry) error {
	t.Version = e.Version
	var err error
	if e.Type == typeCarried {
		e, err = e.Told()
		if err != nil {
			return err
		}
		t.Carried = append(t.Carried, e.Leaf)
	}
	switch e.Type {
	case typeMoved:
		err = t.applyMoved(e)
	case typeOrdered:
		err = t.applyOrdered(e)
	case typeAmended:
		err = t.applyAmended(e)
	case typeDonation:
		err = t.applyDonation(e)
	case typeContainer:
		err = t.applyContainer(e)
	case typeScanned:
		err = t.applyScan(e)
	case typeOffered:
		err = t.applyOffer(e)
	case typeWithdrawn:
		err = t.applyWithdrawn(e)
	case typeAccepted:
		err = t.applyAccept(e)
	case typeDivided:
		err = t.applyDivided(e)
	case typePooled:
		err = t.applyPooled(e)
	case typeFrozen:
		err = t.applyState(e, Frozen)
	case typeThawed:
		err = t.applyState(e, Whole)
	case typeDestroyed:
		err = t.applyState(e, Destroyed)
	default:
		err = fmt.Errorf("unknown entry type %q", e.Type)
	}
	if err != nil {
		return fmt.Errorf("therapy event entry %d: %w", e.Seq, err)
	}
	return nil
}

func (t *TherapyEvent) applyOrdered(e ledger.Entry) error {
	var d ordered
	err := json.Unmarshal(e.Data, &d)
	if err != nil {
		return err
	}
	t.CoI, err = isbt128.ParseCoI(d.CoI)
	if err != nil {
		return err
	}
	t.Subject, t.Site, t.Backup, t.OrderedAt = d.Subject, d.Site, d.Backup, e.Time
	t.byID = map[string]*Container{}
	return nil
}

func (t *TherapyEvent) applyDonation(e ledger.Entry) error {
	var d donationRegistered
	err := json.Unmarshal(e.Data, &d)
	if err != nil {
		return err
	}
	din, err := isbt128.ParseDIN(d.DIN)
	if err != nil {
		return err
	}
	t.Donations = append(t.Donations, Donation{DIN: din, RegisteredAt: e.Time})
	return nil
}

// Order decides the order of a therapy event at a plant, with another one as back-up where one is named. The CoI has been
// drawn from the plant's series in the same append.
func Order(coi isbt128.CoI, subject, site, backup string) ledger.Draft {
	return ledger.Draft{
		Type:  typeOrdered,
		Data:  ordered{CoI: coi.String(), Subject: subject, Site: site, Backup: backup},
		Takes: []string{claimCoI + coi.String(), claimSubject + subject},
	}
}

// RegisterDonation decides that a donation is collected under this CoI. The DIN has been drawn from the
// series in the same append; it does not replace the CoI, and the CoI does not replace it (ISBT 128 ST-028).
func (t *TherapyEvent) RegisterDonation(din isbt128.DIN) (ledger.Draft, error) {
	if din.IsZero() {
		return ledger.Draft{}, ledger.Refuse(ledger.Invalid, "ID-10", "no-din", "a donation needs its DIN", "issue the DIN first")
	}
	return ledger.Draft{Type: typeDonation, Data: donationRegistered{DIN: din.String()}, Takes: []string{claimDIN + din.String()}}, nil
}

// Donation returns the newest donation; false while nothing has been prepared for collection.
func (t *TherapyEvent) Donation() (Donation, bool) {
	if len(t.Donations) == 0 {
		return Donation{}, false
	}
	return t.Donations[len(t.Donations)-1], true
}
