package web

import (
	"strings"

	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/internal/web/desk"
)

// containerOut is a container with what its label says and who answers for it now.
type containerOut struct {
	ID        string                   `json:"id" example:"A999926000001/B00001"`
	Path      string                   `json:"path" example:"A999926000001-B00001" doc:"The identifier as it is written in addresses"`
	Print     string                   `json:"print" doc:"As on the label, with check character"`
	Kind      chainofcustody.Kind      `json:"kind" example:"harvest-bag"`
	Parent    string                   `json:"parent,omitempty"`
	Label     string                   `json:"label" doc:"Data of the label's Data Matrix"`
	CreatedAt string                   `json:"created_at"`
	Custodian chainofcustody.Custodian `json:"custodian"`
	State     chainofcustody.State     `json:"state,omitempty" doc:"frozen, emptied or destroyed; empty while it is whole"`
	Volume    string                   `json:"volume,omitempty" example:"25.0 mL" doc:"What is in it, where that was measured"`
	Pooled    []string                 `json:"pooled,omitempty" doc:"The containers whose content is in it"`
}

func containerState(at *desk.Desk, coi isbt128.CoI, c *chainofcustody.Container) containerOut {
	out := containerOut{
		ID: c.ID.String(), Path: strings.ReplaceAll(c.ID.String(), "/", "-"), Print: c.ID.Print(), Kind: c.Kind, Parent: c.Parent,
		Label: at.Plant.Batches.FirstCode(coi, c), CreatedAt: utc(c.CreatedAt), Custodian: c.Custodian, State: c.State, Pooled: c.Pooled,
	}
	if c.Volume != nil {
		out.Volume = c.Volume.String()
	}
	return out
}

// containerID reads an identifier from an address, where a hyphen stands for the slash.
func containerID(path string) string { return strings.Replace(path, "-", "/", 1) }

// handoffOut is one handoff; open until the receiver has confirmed.
type handoffOut struct {
	Container  string   `json:"container"`
	Seals      []string `json:"seals"`
	Place      string   `json:"place"`
	From       partyOut `json:"from"`
	To         partyOut `json:"to"`
	AcceptedAt string   `json:"accepted_at,omitempty"`
	Disagrees  string   `json:"disagrees,omitempty" doc:"What the receiver saw otherwise"`
	Entry      uint64   `json:"entry"`
}

type partyOut struct {
	Party   chainofcustody.Party `json:"party"`
	Account string               `json:"account,omitempty"`
}

func handoffState(o chainofcustody.Offer) handoffOut {
	seals := o.Seals
	if seals == nil {
		seals = []string{}
	}
	return handoffOut{
		Container: o.Container, Seals: seals, Place: o.Place, From: partyOut{o.From.Party, o.From.Account}, To: partyOut{o.To.Party, o.To.Account},
		AcceptedAt: utc(o.AcceptedAt), Disagrees: o.Disagrees, Entry: o.Seq,
	}
}
