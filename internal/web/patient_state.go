package web

import (
	"context"
	"slices"

	"rexbatch/chainofcustody/vault"
	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
)

func (a *api) patients() {
	register(a, "POST /patients", "enrol-patient", "Keep who a patient is, under the trial subject number: an act of its own, which an order that is refused later does not take back (I12)", a.patientEnrol, makes)
	register(a, "POST /patients/search", "find-patient", "Find the subject number by the hospital number; an entry with the reason (I12)", a.patientSearch)
	register(a, "GET /patients/{subject}", "patient", "What the record says of a patient, without saying who it is", a.patientShow)
	register(a, "POST /patients/{subject}/look", "look-at-patient", "See who a patient is; an entry with the reason (I12)", a.patientLook)
	register(a, "POST /patients/{subject}/correction", "correct-patient", "Replace what is known of a patient, with a reason", a.patientCorrect)
	register(a, "POST /patients/{subject}/destruction", "destroy-patient-key", "Destroy the key of a patient's identifiers; two persons sign (I12)", a.patientDestroy)
	register(a, "GET /calendar", "calendar", "The slots of the plant that are taken", a.calendarShow)
	register(a, "POST /therapy-events/{coi}/slot", "reserve-slot", "Reserve a slot, or another one", a.slotReserve)
	register(a, "POST /batches/{batch}/order-amendment", "amend-order", "Change what was ordered; the investigator signs", a.orderAmend)
}

// PatientPath is the address of a patient: the pseudonym, never anything else.
type PatientPath struct {
	Subject string `path:"subject" example:"3401-007"`
}

// patientOut is a patient without identity.
type patientOut struct {
	Subject      string             `json:"subject_no"`
	Hospital     string             `json:"hospital,omitempty"`
	EnrolledAt   string             `json:"enrolled_at"`
	EnrolledBy   string             `json:"enrolled_by"`
	Alike        []string           `json:"look_alikes,omitempty" doc:"Subject numbers of patients with the same name and year of birth"`
	Looks        []lookOut          `json:"looks"`
	RestrictedAt string             `json:"restricted_at,omitempty"`
	Restricted   string             `json:"restricted,omitempty" doc:"Why only the investigator may look"`
	DestroyedAt  string             `json:"destroyed_at,omitempty"`
	Destroyed    string             `json:"destroyed,omitempty" doc:"Why the key was destroyed"`
	Signatures   []people.Signature `json:"signatures,omitempty" doc:"Of those who destroyed the key"`
	Version      uint64             `json:"version"`
}

type lookOut struct {
	By    string `json:"by"`
	Role  string `json:"role"`
	Why   string `json:"why"`
	Found bool   `json:"found_by_number,omitempty"`
	At    string `json:"at"`
	Entry uint64 `json:"entry"`
}

func (a *api) patientShow(ctx context.Context, at *desk.Desk, in *PatientPath) (*answer[patientOut], error) {
	return patientNow(ctx, at, in.Subject)
}

func patientNow(ctx context.Context, at *desk.Desk, subject string) (*answer[patientOut], error) {
	v, err := at.Plant.Vault()
	if err != nil {
		return nil, err
	}
	p, err := v.Patient(ctx, subject)
	if err != nil {
		return nil, err
	}
	alike, err := v.Alike(subject)
	if err != nil {
		return nil, err
	}
	return &answer[patientOut]{Body: patientState(p, alike)}, nil
}

func patientState(p *vault.Patient, alike []string) patientOut {
	out := patientOut{
		Subject: p.Subject, Hospital: p.Hospital, EnrolledAt: utc(p.EnrolledAt), EnrolledBy: p.EnrolledBy, Alike: alike, Looks: []lookOut{},
		RestrictedAt: utc(p.RestrictedAt), Restricted: p.Restricted, DestroyedAt: utc(p.DestroyedAt), Destroyed: p.Destroyed,
		Signatures: slices.Clone(p.Signatures), Version: p.Version,
	}
	for _, l := range p.Looks {
		out.Looks = append(out.Looks, lookOut{l.By, l.Role, l.Why, l.Found, utc(l.At), l.Seq})
	}
	return out
}
