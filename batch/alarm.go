package batch

import (
	"context"
	"maps"
	"strings"

	"rexbatch/batch/equipment"
	"rexbatch/batch/material"
	"rexbatch/internal/ledger"
)

// CloseAlarm records what the production lead decides on an alarm of a device. Where the kit in it may be the cause, its lot is
// pointed out in the same append, so that maintenance and QA see it with the other batches that have it (process scenario 21).
// A new kit is never taken without saying which lot the old one was of.
func (k *Book) CloseAlarm(ctx context.Context, by ledger.Author, id equipment.ID, number int, decision equipment.Decision, reason, lot string) error {
	lot = strings.TrimSpace(lot)
	_, err := ledger.Decide(ctx, k.Log, func(ctx context.Context) (ledger.Append, error) {
		devices := k.Equipment()
		d, err := devices.Load(ctx, id)
		if err != nil {
			return ledger.Append{}, err
		}
		drafts, err := d.CloseAlarm(by, number, decision, reason)
		if err != nil {
			return ledger.Append{}, err
		}
		if lot == "" && decision == equipment.NewKit {
			return ledger.Append{}, ledger.Refuse(ledger.Invalid, "AT-59", "alarm-kit", "a new kit is taken, but nothing says of which lot the old one was", "scan the lot of the kit that was in the device")
		}
		alarm := d.Alarms[number-1]
		add, err := devices.Add(d, by, drafts)
		if err != nil {
			return ledger.Append{}, err
		}
		a := ledger.Append{Author: by, Streams: add.Streams, Views: add.Views}
		if lot == "" {
			return a, nil
		}
		n, err := material.ParseNumber(lot)
		if err != nil {
			return ledger.Append{}, err
		}
		l, err := k.Materials().Load(ctx, n)
		if err != nil {
			return ledger.Append{}, err
		}
		expected := l.Version
		drafts, err = l.Suspect(by, material.Suspicion{Device: string(id), Alarm: number, Text: alarm.Code + " " + alarm.Text, Reason: strings.TrimSpace(reason)})
		if err != nil {
			return ledger.Append{}, err
		}
		views, err := l.Provisional(by, k.Clock(), drafts)
		if err != nil {
			return ledger.Append{}, err
		}
		a.Streams = append(a.Streams, ledger.StreamAppend{Stream: material.Stream(n), Expected: expected, Drafts: drafts})
		maps.Copy(a.Views, views)
		return a, nil
	})
	return err
}
