package web

import (
	"context"

	"rexbatch/chainofcustody/bedside"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/chainofcustody/label"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
)

// bedOut is what a phone at the bedside goes by. It has no name of a patient and nothing that tells the arm (I11, I12).
type bedOut struct {
	Batch    string             `json:"batch"`
	Short    string             `json:"short" doc:"Short code of the chain of identity, as on the label"`
	Key      string             `json:"key" doc:"Of the plant's log; the phone keeps the first that it is told"`
	Proof    *ledger.EntryProof `json:"proof,omitempty" doc:"The plant's statement with its proof; none while there is no certificate"`
	Standing bedside.Standing   `json:"standing"`
	Given    []string           `json:"given" doc:"Containers that an infusion began with, on any phone"`
	Answers  []bedAnswerOut     `json:"answers,omitempty" doc:"To what was asked for"`
}

type bedAnswerOut struct {
	Reason string `json:"reason"`
	Supply bool   `json:"supply"`
	Text   string `json:"text"`
	By     string `json:"by"`
}

func bedState(ctx context.Context, plant *desk.Plant, pass people.Pass, handset people.Phone, number string) (*bedOut, error) {
	by := ledger.Author{Account: pass.Account, Role: string(pass.Role), Terminal: handset.Terminal()}
	told, err := plant.Release.AtBed(ctx, by, number)
	if err != nil {
		return nil, err
	}
	at := told.At
	out := &bedOut{Batch: number, Key: plant.Log.Key(), Proof: told.Proof, Standing: told.Standing, Given: at.Given()}
	if pass.Revoked || pass.Locked { // it is told nothing good any more, so that nothing begins with it (CS-80)
		out.Standing.State, out.Standing.Why = bedside.NotReleased, "pass-revoked"
	}
	if s := at.Current(); s != nil {
		coi, err := isbt128.ParseCoI(s.CoI)
		if err == nil {
			out.Short = label.MarkOf(coi).Code
		}
	}
	for _, r := range at.Requests {
		if r.Answer != nil {
			out.Answers = append(out.Answers, bedAnswerOut{Reason: r.Reason, Supply: r.Answer.Supply, Text: r.Answer.Text, By: r.Answer.Signature.Name})
		}
	}
	return out, nil
}
