package web

import (
	"time"

	"rexbatch/batch/material"
	"rexbatch/internal/quantity"
)

// amountOut is a number with its unit; null where nothing is counted (I13).
type amountOut struct {
	Value string `json:"value" example:"480.5" doc:"As text, so that its decimals are kept"`
	Unit  string `json:"unit" example:"mL"`
}

func amount(q quantity.Quantity) *amountOut {
	if q.IsZero() {
		return nil
	}
	return &amountOut{Value: q.Number(), Unit: string(q.Unit())}
}

// lotLineOut is a lot in a list.
type lotLineOut struct {
	Lot         string          `json:"lot" example:"L-SVQ26-00017-K" doc:"Number, as on the lot's label"`
	Material    string          `json:"material" example:"gradient-medium"`
	Name        string          `json:"name" example:"Ficoll-Paque PREMIUM 1.077"`
	Supplier    string          `json:"supplier"`
	SupplierLot string          `json:"supplier_lot"`
	Status      material.Status `json:"status" enum:"quarantine,released,blocked,open-too-long,expired,consumed" doc:"As it stands now"`
	Expiry      string          `json:"expiry"`
	OpenedAt    string          `json:"opened_at,omitempty"`
	UsableUntil string          `json:"usable_until" doc:"Expiry, or the end of the time after opening"`
	Received    *amountOut      `json:"received"`
	Remaining   *amountOut      `json:"remaining" doc:"Received less uses and waste"`
	Batches     int             `json:"batches" doc:"In how many batches it was used"`
	Suspected   bool            `json:"suspected,omitempty" doc:"An alarm of a device pointed it out, and QA has not looked at it yet"`
	Version     uint64          `json:"version"`
}

func lotLine(i material.Item, now time.Time) lotLineOut {
	out := lotLineOut{
		Lot: i.Number.String(), Material: i.Material, Name: i.Name, Supplier: i.Supplier, SupplierLot: i.SupplierLot, Status: i.StatusAt(now),
		Expiry: utc(i.Expiry), UsableUntil: utc(i.UsableUntil), Received: amount(i.Received), Remaining: amount(i.Remaining), Batches: i.Batches, Suspected: i.Suspected, Version: i.Version,
	}
	if i.OpenedAt != nil {
		out.OpenedAt = utc(*i.OpenedAt)
	}
	return out
}

// lotOut is a lot with where it went.
type lotOut struct {
	lotLineOut
	OpenFor   *amountOut       `json:"open_for,omitempty" doc:"How long it may be used after opening"`
	UsedBy    []string         `json:"used_by" doc:"Batches in which it was used, each once"`
	Uses      []lotUseOut      `json:"uses"`
	InUse     []lotInUseOut    `json:"in_use" doc:"Steps that are open and have the lot at hand: a block freezes their batches too"`
	Waste     []lotWasteOut    `json:"waste"`
	Decisions []lotDecisionOut `json:"decisions" doc:"Receipt, release, block, unblock, opening"`
}

// lotUseOut is one use: lot to batch and patient in one look (AT-20).
type lotUseOut struct {
	Batch       string             `json:"batch"`
	CoI         string             `json:"coi"`
	Subject     string             `json:"subject"`
	Step        string             `json:"step" example:"S17"`
	Quantity    *amountOut         `json:"quantity,omitempty"`
	Reversed    bool               `json:"reversed,omitempty" doc:"Recorded in error: it did not happen"`
	Corrections []lotCorrectionOut `json:"corrections,omitempty"`
	By          string             `json:"by"`
	At          string             `json:"at"`
	Entry       uint64             `json:"entry" doc:"Position in the ledger"`
}

// lotInUseOut is a step that is not completed and has the lot at hand.
type lotInUseOut struct {
	Batch   string `json:"batch"`
	CoI     string `json:"coi"`
	Subject string `json:"subject"`
	Step    string `json:"step" example:"S17"`
	Field   string `json:"field" example:"gradient_lot"`
	By      string `json:"by"`
	At      string `json:"at"`
	Entry   uint64 `json:"entry" doc:"Position in the ledger"`
}

type lotCorrectionOut struct {
	Was    *amountOut `json:"was,omitempty"`
	Is     *amountOut `json:"is,omitempty"`
	Reason string     `json:"reason"`
	By     string     `json:"by"`
	At     string     `json:"at"`
	Entry  uint64     `json:"entry"`
}

type lotWasteOut struct {
	Quantity *amountOut `json:"quantity"`
	Reason   string     `json:"reason"`
	By       string     `json:"by"`
	At       string     `json:"at"`
	Entry    uint64     `json:"entry"`
}

type lotDecisionOut struct {
	Type   string `json:"type" example:"lot.released"`
	Reason string `json:"reason,omitempty"`
	By     string `json:"by"`
	Role   string `json:"role"`
	At     string `json:"at"`
	Entry  uint64 `json:"entry"`
}

func lotState(l *material.Lot, now time.Time) lotOut {
	out := lotOut{
		lotLineOut: lotLine(l.Item(), now), OpenFor: amount(l.OpenFor), UsedBy: list(l.UsedBy()),
		Uses: []lotUseOut{}, InUse: []lotInUseOut{}, Waste: []lotWasteOut{}, Decisions: []lotDecisionOut{},
	}
	for _, u := range l.Uses {
		one := lotUseOut{
			Batch: u.Batch, CoI: u.CoI, Subject: u.Subject, Step: u.Step, Quantity: amount(u.Quantity), Reversed: u.Reversed, By: u.By, At: utc(u.At), Entry: u.Seq,
		}
		for _, c := range u.Corrections {
			one.Corrections = append(one.Corrections, lotCorrectionOut{amount(c.Was), amount(c.Is), c.Reason, c.By, utc(c.At), c.Seq})
		}
		out.Uses = append(out.Uses, one)
	}
	for _, t := range l.Taken {
		out.InUse = append(out.InUse, lotInUseOut{t.Batch, t.CoI, t.Subject, t.Step, t.Field, t.By, utc(t.At), t.Seq})
	}
	for _, w := range l.Waste {
		out.Waste = append(out.Waste, lotWasteOut{amount(w.Quantity), w.Reason, w.By, utc(w.At), w.Seq})
	}
	for _, d := range l.Decisions {
		out.Decisions = append(out.Decisions, lotDecisionOut{d.Type, d.Reason, d.By, d.Role, utc(d.At), d.Seq})
	}
	return out
}
