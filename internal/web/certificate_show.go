package web

import (
	"context"
	"fmt"
	"iter"

	"rexbatch/internal/web/desk"
	"rexbatch/release"
)

type certificatesOut struct {
	Certificates []release.CertificateRef `json:"certificates"`
}

func (a *api) certificateList(ctx context.Context, at *desk.Desk, _ *struct{}) (*answer[certificatesOut], error) {
	list, err := all(at.Plant.Release.Certificates(ctx))
	if err != nil {
		return nil, err
	}
	return &answer[certificatesOut]{Body: certificatesOut{Certificates: list}}, nil
}

type certificateIn struct {
	Certificate string `path:"certificate" example:"SVQ-2026-0001"`
}

func (a *api) certificateShow(ctx context.Context, at *desk.Desk, in *certificateIn) (*text, error) {
	pdf, ref, err := at.Plant.Release.Certificate(ctx, in.Certificate)
	if err != nil {
		return nil, err
	}
	return &text{ContentType: "application/pdf", ContentDisposition: fmt.Sprintf("inline; filename=%q", ref.Number+".pdf"), Body: pdf}, nil
}

func (a *api) certificateProof(ctx context.Context, at *desk.Desk, in *certificateIn) (*answer[release.Proof], error) {
	proof, err := at.Plant.Release.Proof(ctx, in.Certificate)
	if err != nil {
		return nil, err
	}
	return &answer[release.Proof]{Body: proof}, nil
}

type registerOut struct {
	Register []release.RegisterEntry `json:"register"`
}

func (a *api) registerList(ctx context.Context, at *desk.Desk, _ *struct{}) (*answer[registerOut], error) {
	list, err := all(at.Plant.Release.Register(ctx))
	if err != nil {
		return nil, err
	}
	return &answer[registerOut]{Body: registerOut{Register: list}}, nil
}

// all collects a sequence, to the first error.
func all[T any](seq iter.Seq2[T, error]) ([]T, error) {
	out := []T{}
	for v, err := range seq {
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}
