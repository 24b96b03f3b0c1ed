package web

import (
	"context"

	"rexbatch/internal/web/desk"
)

func (a *api) ledger() {
	register(a, "GET /ledger/head", "head", "The tree over everything durable", a.ledgerHead)
	register(a, "GET /ledger/checkpoint", "checkpoint", "The signed tree head, a C2SP checkpoint", a.ledgerCheckpoint, gives("text/plain"))
	register(a, "GET /ledger/key", "key", "The public key of the checkpoints, in sumdb/note form", a.ledgerKey, gives("text/plain"))
	register(a, "GET /ledger/entries", "entries", "The log itself, in order", a.ledgerEntries)
	register(a, "GET /ledger/entries/{seq}/proof", "inclusion", "Proof that an entry is in the tree (RFC 6962)", a.ledgerInclusion)
	register(a, "GET /ledger/consistency", "consistency", "Proof that an older tree is a prefix of a newer one", a.ledgerConsistency)
}

type headOut struct {
	Origin string `json:"origin"`
	Size   uint64 `json:"size"`
	Root   string `json:"root"`
}

func (a *api) ledgerHead(ctx context.Context, at *desk.Desk, _ *struct{}) (*answer[headOut], error) {
	head, err := at.Plant.Log.Head(ctx)
	if err != nil {
		return nil, err
	}
	return &answer[headOut]{Body: headOut{Origin: at.Plant.Log.Origin(), Size: head.Size, Root: head.Root.String()}}, nil
}

const plainText = "text/plain; charset=utf-8"

func (a *api) ledgerCheckpoint(ctx context.Context, at *desk.Desk, _ *struct{}) (*text, error) {
	checkpoint, err := at.Plant.Log.Checkpoint(ctx)
	if err != nil {
		return nil, err
	}
	return &text{ContentType: plainText, Body: checkpoint}, nil
}

func (a *api) ledgerKey(_ context.Context, at *desk.Desk, _ *struct{}) (*text, error) {
	return &text{ContentType: plainText, Body: []byte(at.Plant.Log.Key() + "\n")}, nil
}
