package web

import (
	"context"

	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
)

// HandoffPath is the address of a container.
type HandoffPath struct {
	CoI       string `path:"coi" example:"CHA999926000001"`
	Container string `path:"container" example:"A999926000001-B00001" doc:"The identifier with a hyphen for its slash"`
}

// HandoffBody is what giver and receiver both state.
type HandoffBody struct {
	Seals []string `json:"seals" example:"[\"SEAL-1\"]"`
	Place string   `json:"place" example:"loading bay"`
	Role  string   `json:"role,omitempty" example:"courier"`
}

func (in *HandoffPath) handover(b HandoffBody) chainofcustody.Handover {
	return chainofcustody.Handover{Container: containerID(in.Container), Seals: b.Seals, Place: b.Place}
}

// takesCustody is the choice of a role that is a party of handoffs, for Acting.
func takesCustody(r people.Role) bool {
	_, ok := chainofcustody.PartyOf(r)
	return ok
}

type offerIn struct {
	HandoffPath
	Body struct {
		To  string `json:"to" enum:"hospital,courier,plant"`
		Raw string `json:"raw" doc:"The giver's own scan of the container's label"`
		HandoffBody
	}
}

// onCustody does a command of a party of a handoff, and answers with the therapy event as it then stands.
func onCustody(ctx context.Context, at *desk.Desk, in HandoffPath, role string, do func(ledger.Author, isbt128.CoI) error) (*answer[therapyOut], error) {
	coi, err := isbt128.ParseCoI(in.CoI)
	if err != nil {
		return nil, err
	}
	by, err := at.Acting(role, takesCustody)
	if err != nil {
		return nil, err
	}
	err = do(by, coi)
	if err != nil {
		return nil, err
	}
	return therapyNow(ctx, at, in.CoI)
}

func (a *api) handoffOffer(ctx context.Context, at *desk.Desk, in *offerIn) (*answer[therapyOut], error) {
	return onCustody(ctx, at, in.HandoffPath, in.Body.Role, func(by ledger.Author, coi isbt128.CoI) error {
		return at.Plant.Batches.Give(ctx, by, coi, in.handover(in.Body.HandoffBody), chainofcustody.Party(in.Body.To), in.Body.Raw)
	})
}

type acceptIn struct {
	HandoffPath
	Body struct {
		Raw string `json:"raw" doc:"The receiver's own scan of the container's label"`
		HandoffBody
	}
}

func (a *api) handoffAccept(ctx context.Context, at *desk.Desk, in *acceptIn) (*answer[therapyOut], error) {
	return onCustody(ctx, at, in.HandoffPath, in.Body.Role, func(by ledger.Author, coi isbt128.CoI) error {
		return at.Plant.Batches.Accept(ctx, by, coi, in.handover(in.Body.HandoffBody), in.Body.Raw)
	})
}
