package web

import (
	"context"

	"rexbatch/batch"
	"rexbatch/batch/area"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
)

type areaClearIn struct {
	AreaPath
	Body struct {
		area.Checklist
		Role   string        `json:"role,omitempty" example:"operator"`
		Second *secondPerson `json:"second,omitempty" doc:"Not needed when something was found: that is recorded, and refused"`
	}
}

// secondPerson is another person who confirms at this terminal (I7).
type secondPerson struct {
	Username string `json:"username" example:"ben"`
	Password string `json:"password"`
	Role     string `json:"role,omitempty" example:"operator" doc:"That of the first person when not given"`
}

// as is the role in which the second person acts beside the author of an entry.
func (s *secondPerson) as(by ledger.Author) people.Role {
	if s.Role == "" {
		return people.Role(by.Role)
	}
	return people.Role(s.Role)
}

// signer is who signs beside the author of an entry; nil where nobody is named.
func (s *secondPerson) signer(at *desk.Desk, by ledger.Author) batch.Signer {
	if s == nil {
		return nil
	}
	return at.Beside(s.Username, s.Password, s.as(by))
}

func (a *api) areaClear(ctx context.Context, at *desk.Desk, in *areaClearIn) (*answer[areaOut], error) {
	return a.onArea(ctx, at, in.AreaPath, in.Body.Role, func(k *area.Book, by ledger.Author) error {
		var signed people.Signed
		if in.Body.Second != nil && in.Body.Met() {
			s, shown := in.Body.Second, area.Shown{Area: in.Area, First: by.Account, Checklist: in.Body.Checklist}
			digest, err := shown.Digest()
			if err != nil {
				return err
			}
			_, sign, err := at.SecondPerson(ctx, s.Username, s.Password, s.as(by), digest)
			if err != nil {
				return err
			}
			signed, err = sign(ctx, people.Verified, digest)
			if err != nil {
				return err
			}
		}
		return k.Clear(ctx, by, in.Area, in.Body.Checklist, signed)
	})
}

type areaFreeIn struct {
	AreaPath
	Body struct {
		Reason string `json:"reason" example:"the batch was stopped for good"`
	}
}

func (a *api) areaFree(ctx context.Context, at *desk.Desk, in *areaFreeIn) (*answer[areaOut], error) {
	return a.onArea(ctx, at, in.AreaPath, string(people.QA), func(k *area.Book, by ledger.Author) error {
		return k.Free(ctx, by, in.Area, in.Body.Reason)
	})
}
