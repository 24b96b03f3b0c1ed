package web

import (
	"context"
	"encoding/base64"
	"time"

	"rexbatch/internal/ledger"
	"rexbatch/internal/web/desk"
)

// entryOut is one entry of the ledger.
type entryOut struct {
	Seq     uint64          `json:"seq"`
	Leaf    ledger.Digest   `json:"leaf"`
	Time    string          `json:"time" doc:"Server time, UTC"`
	Local   string          `json:"local" doc:"The same on the plant's clock, with offset"`
	Stream  string          `json:"stream"`
	Version uint64          `json:"version"`
	By      string          `json:"by"`
	Role    string          `json:"role"`
	At      string          `json:"terminal"`
	Type    string          `json:"type"`
	Takes   []string        `json:"takes,omitempty"`
	Frees   []string        `json:"frees,omitempty"`
	Blobs   []ledger.Digest `json:"blobs,omitempty"`
	Data    any             `json:"data" doc:"The fact itself; blinded values are sealed (I11)"`
}

type entriesOut struct {
	Entries []entryOut `json:"entries"`
}

func entryState(e ledger.Entry, zone *time.Location) entryOut {
	return entryOut{
		Seq: e.Seq, Leaf: e.Leaf, Time: utc(e.Time), Local: e.Time.In(zone).Format("2006-01-02T15:04:05.000000-07:00"), Stream: e.Stream, Version: e.Version,
		By: e.Author.Account, Role: e.Author.Role, At: e.Author.Terminal, Type: e.Type, Takes: e.Takes, Frees: e.Frees, Blobs: e.Blobs, Data: raw(e.Data),
	}
}

type entriesIn struct {
	From  uint64 `query:"from" example:"0" doc:"Position of the first"`
	Limit int    `query:"limit" minimum:"1" maximum:"1000" default:"100"`
}

// ledgerEntries gives a part of the log; the next part begins behind the last position.
func (a *api) ledgerEntries(ctx context.Context, at *desk.Desk, in *entriesIn) (*answer[entriesOut], error) {
	out := entriesOut{Entries: []entryOut{}}
	for e, err := range at.Plant.Log.Entries(ctx, in.From) {
		if err != nil {
			return nil, err
		}
		out.Entries = append(out.Entries, entryState(e, at.Plant.Profile.Location))
		if len(out.Entries) == in.Limit {
			break
		}
	}
	return &answer[entriesOut]{Body: out}, nil
}

type inclusionIn struct {
	Seq  uint64 `path:"seq" example:"42"`
	Size uint64 `query:"size" example:"100" doc:"Of the tree; the present one when left out"`
}

// inclusionOut proves one entry. The exact bytes are left out where the person may not read records (CS-40).
type inclusionOut struct {
	Seq       uint64          `json:"seq"`
	Size      uint64          `json:"size"`
	Leaf      ledger.Digest   `json:"leaf"`
	Inclusion []ledger.Digest `json:"inclusion"`
	Entry     string          `json:"entry,omitempty" doc:"base64 of the exact bytes that the leaf hash covers"`
}

func (a *api) ledgerInclusion(ctx context.Context, at *desk.Desk, in *inclusionIn) (*answer[inclusionOut], error) {
	size, err := sizeOr(ctx, at, in.Size)
	if err != nil {
		return nil, err
	}
	e, err := at.Plant.Log.Entry(ctx, in.Seq)
	if err != nil {
		return nil, err
	}
	path, err := at.Plant.Log.Inclusion(ctx, in.Seq, size)
	if err != nil {
		return nil, err
	}
	out := inclusionOut{Seq: in.Seq, Size: size, Leaf: e.Leaf, Inclusion: list(path)}
	if mayReadEntries(at) {
		exact, err := ledger.Encode(e)
		if err != nil {
			return nil, err
		}
		out.Entry = base64.StdEncoding.EncodeToString(exact)
	}
	return &answer[inclusionOut]{Body: out}, nil
}

func sizeOr(ctx context.Context, at *desk.Desk, size uint64) (uint64, error) {
	if size != 0 {
		return size, nil
	}
	head, err := at.Plant.Log.Head(ctx)
	return head.Size, err
}

// list is a list that JSON writes as [] when it is empty.
func list[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}
