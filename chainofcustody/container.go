package chainofcustody

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"rexbatch/chainofcustody/isbt128"
	"rexbatch/internal/ledger"
	"rexbatch/internal/quantity"
)

// Kind is the sort of a container, as the recipe names it: "harvest-bag", "tube", "final-container".
type Kind string

// Container is anything that holds this patient's material. Containers form a tree by split, sample and fill.
type Container struct {
	ID        isbt128.ContainerID
	Kind      Kind
	Parent    string // id of the container it was made from; empty for the collection bag
	CreatedAt time.Time
	Purpose   string    // the step that issued its label
	Custodian Custodian // who answers for it now (I6)
	Label     string    // what its Data Matrix says
	State     State
	Volume    *quantity.Quantity // what is in it now; nil where nobody has measured it
	Pooled    []string           // ids of the containers that it was pooled from; of one patient always (I5)
	Changes   []Turn             // what was done with it as a whole, in order
}

// Turn is a change of a container's state.
type Turn struct {
	To     State
	At     time.Time
	Seq    uint64
	Origin string // site of the log in which Seq is its position; empty for this one
}

// Sample tells whether containers of the kind hold something taken to be tested, and not a stage of the product.
func (k Kind) Sample() bool { return strings.Contains(string(k), "sample") }

type containerCreated struct {
	ID      string `json:"id"`
	Kind    Kind   `json:"kind"`
	Parent  string `json:"parent,omitempty"`
	Purpose string `json:"purpose"`
	Party   Party  `json:"party"`

	Volume *quantity.Quantity `json:"volume,omitempty"`
}

// maxContainers bounds one therapy event; a treatment has a few dozen.
const maxContainers = 500

// Create decides n new containers of a kind, made from the newest container of kind from (none for the
// collection bag). Their ids are the donation's DIN with the next division numbers. The material stays with
// whoever holds the parent; the first container belongs to the hospital that collects. of narrows which containers can be
// the parent, for therapy events with more than one batch.
func (t *TherapyEvent) Create(kind Kind, from Kind, n int, purpose string, of ...func(*Container) bool) ([]ledger.Draft, error) {
	donation, ok := t.Donation()
	if !ok {
		return nil, ledger.Refuse(ledger.Unmet, "ID-10", "no-donation", "no donation is registered under {coi}", "issue the collection kit first", "coi", t.CoI.String())
	}
	if n < 1 || n > 50 || len(t.Containers)+n > maxContainers {
		return nil, ledger.Refuse(ledger.Invalid, "LB-1", "label-count", "{n} labels of kind {kind} cannot be issued at once", "issue between 1 and 50 labels", "n", fmt.Sprint(n), "kind", string(kind))
	}
	party, parent := Hospital, ""
	if from != "" {
		p := t.newest(from, of)
		if p == nil {
			return nil, ledger.Refuse(ledger.Unmet, "AT-11", "no-parent", "there is no container of kind {from} to make {kind} from", "issue the label of the {from} first", "from", string(from), "kind", string(kind))
		}
		party, parent, donation.DIN = p.Custodian.Party, p.ID.String(), p.ID.DIN()
	}
	return t.containers(kind, donation.DIN, parent, party, n, purpose)
}

// FromStore issues n containers of what the plant keeps in store of a container of this therapy event, such as the frozen part of a
// product whose other part was given long ago: they are with the plant, and their id is of the same donation.
func (t *TherapyEvent) FromStore(kind Kind, parent string, n int, purpose string) ([]ledger.Draft, error) {
	p, ok := t.byID[parent]
	if !ok || n < 1 || n > 50 || len(t.Containers)+n > maxContainers {
		return nil, ledger.Refuse(ledger.Unmet, "AT-11", "no-parent", "there is no container of kind {from} to make {kind} from", "issue the label of the {from} first", "from", parent, "kind", string(kind))
	}
	return t.containers(kind, p.ID.DIN(), parent, Plant, n, purpose)
}

func (t *TherapyEvent) containers(kind Kind, din isbt128.DIN, parent string, party Party, n int, purpose string) ([]ledger.Draft, error) {
	drafts := make([]ledger.Draft, 0, n)
	for i := range n {
		division, err := isbt128.NewDivision(fmt.Sprintf("%c%05d", letter(kind), len(t.Containers)+i+1))
		if err != nil {
			return nil, fmt.Errorf("division of %s: %w", kind, err)
		}
		id, err := isbt128.NewContainerID(din, division)
		if err != nil {
			return nil, fmt.Errorf("container %s: %w", kind, err)
		}
		drafts = append(drafts, ledger.Draft{
			Type:  typeContainer,
			Data:  containerCreated{ID: id.String(), Kind: kind, Parent: parent, Purpose: purpose, Party: party},
			Takes: []string{claimContainer + id.String()},
		})
	}
	return drafts, nil
}

// letter makes divisions readable at a glance: bag, sample, tube, final container.
func letter(kind Kind) rune {
	switch kind {
	case "harvest-bag":
		return 'B'
	case "final-container":
		return 'F'
	case "tube":
		return 'T'
	case "work-bag", "interphase", "separated", "thaw-bag":
		return 'W'
	default:
		return 'S'
	}
}

func (t *TherapyEvent) applyContainer(e ledger.Entry) error {
	var d containerCreated
	err := json.Unmarshal(e.Data, &d)
	if err != nil {
		return err
	}
	id, err := isbt128.ParseContainerID(d.ID)
	if err != nil {
		return err
	}
	c := &Container{
		ID: id, Kind: d.Kind, Parent: d.Parent, CreatedAt: e.Time, Purpose: d.Purpose,
		Custodian: Custodian{Party: d.Party, Account: e.Author.Account, Since: e.Time},
		Label:     isbt128.ContainerLabel(t.CoI, id), Volume: d.Volume,
	}
	t.Containers = append(t.Containers, c)
	t.byID[id.String()] = c
	return nil
}

func (t *TherapyEvent) newest(kind Kind, of []func(*Container) bool) *Container {
	for _, c := range slices.Backward(t.Containers) {
		if c.Kind == kind && !slices.ContainsFunc(of, func(may func(*Container) bool) bool { return !may(c) }) {
			return c
		}
	}
	return nil
}

// Batch is the number of the batch for which the container was made.
func (c *Container) Batch() string {
	number, _, _ := strings.Cut(c.Purpose, "/")
	return number
}

// OfKind are the containers of a kind, in order of creation.
func (t *TherapyEvent) OfKind(kind Kind) []*Container {
	var out []*Container
	for _, c := range t.Containers {
		if c.Kind == kind {
			out = append(out, c)
		}
	}
	return out
}

// Container finds a container of this therapy event.
func (t *TherapyEvent) Container(id string) (*Container, bool) {
	c, ok := t.byID[id]
	return c, ok
}
