package web

import (
	"time"

	"rexbatch/batch/master"
	"rexbatch/batch/mbr"
	"rexbatch/internal/ledger"
)

// masterLineOut is a version without its file.
type masterLineOut struct {
	Recipe    string        `json:"recipe" example:"REX-001"`
	Version   int           `json:"version" example:"3"`
	Status    master.Status `json:"status" enum:"shipped,draft,in-review,approved,effective,superseded,withdrawn" doc:"Shipped: it came with the program, for demonstration, and is used while none is effective"`
	File      ledger.Digest `json:"file" doc:"SHA-256; a batch pins it for ever"`
	Size      int           `json:"size" doc:"Bytes of the file"`
	Errors    int           `json:"errors" doc:"In the file, as found when it was uploaded"`
	Warnings  int           `json:"warnings"`
	Change    string        `json:"change,omitempty" example:"CC-2026-014" doc:"Change request (CS-13)"`
	Note      string        `json:"note,omitempty"`
	Authors   []string      `json:"authors" doc:"Who wrote, revised or submitted it: they do not approve it (I7)"`
	From      string        `json:"effective_from,omitempty"`
	Approver  string        `json:"approver,omitempty"`
	Withdrawn string        `json:"withdrawn_at,omitempty"`
	Running   []string      `json:"running" doc:"Batches that are not finished and pin it"`
	Seen      uint64        `json:"seen" doc:"To be given back with a command (CS-65)"`
}

func masterLine(i master.Item, versions []master.Item, running []string, now time.Time) masterLineOut {
	return masterLineOut{
		Recipe: i.Recipe, Version: i.Number, Status: i.StatusAt(versions, now), File: i.File, Size: i.Size, Errors: i.Errors, Warnings: i.Warnings,
		Change: i.Change, Note: i.Note, Authors: list(i.Authors), From: utc(i.From), Approver: i.Approver, Withdrawn: utc(i.WithdrawnAt),
		Running: list(running), Seen: i.Version,
	}
}

// masterFullOut is a version with its file.
type masterFullOut struct {
	masterLineOut
	Title     mbr.Text        `json:"title,omitempty" doc:"None where the file cannot be executed"`
	Replaces  int             `json:"replaces,omitempty" doc:"The version in whose place it comes"`
	Demo      int             `json:"demo_numbers" doc:"Numbers that nobody has published"`
	Unfit     string          `json:"unfit,omitempty" doc:"Why it does not go with the specification in force"`
	Faults    []faultOut      `json:"faults" doc:"As this program finds them now"`
	History   []masterStepOut `json:"history"`
	Signature any             `json:"signature,omitempty"`
	Text      string          `json:"text" doc:"The file"`
}

type faultOut struct {
	mbr.Fault
	Shown string `json:"shown" doc:"With the line of the file and a mark under the part"`
}

type masterStepOut struct {
	Type  string `json:"type" example:"master.submitted"`
	Text  string `json:"text,omitempty"`
	By    string `json:"by"`
	Role  string `json:"role"`
	At    string `json:"at"`
	Entry uint64 `json:"entry"`
}

func faults(r master.Reading) []faultOut {
	out := []faultOut{}
	for _, f := range r.Faults {
		out = append(out, faultOut{Fault: f, Shown: f.Show(r.ID.String(), r.File)})
	}
	return out
}

func masterState(m *master.Master, r master.Reading, versions []master.Item, running []string, now time.Time) masterFullOut {
	out := masterFullOut{
		masterLineOut: masterLine(m.Item(), versions, running, now), Unfit: r.Unfit, Faults: faults(r), History: []masterStepOut{}, Text: string(r.File),
	}
	if before, ok := master.Before(versions, m.Number); ok {
		out.Replaces = before.Number
	}
	if r.Recipe != nil {
		out.Title, out.Demo = r.Recipe.Title, r.Recipe.DemoNumbers()
	}
	if m.Approval.Account != "" {
		out.Signature = m.Approval
	}
	for _, e := range m.History {
		out.History = append(out.History, masterStepOut{Type: e.Type, Text: e.Text, By: e.By.Account, Role: e.By.Role, At: utc(e.At), Entry: e.Seq})
	}
	return out
}
