package desk_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/internal/web/desk"
	"rexbatch/release/plantest"
)

// What was folded of shipments and phones is kept for the next request.
func TestBooksOfShipmentsAndPhonesLiveWithThePlant(t *testing.T) {
	made := plantest.New(t, "es-svq", plantest.NewClock(time.Date(2026, 11, 22, 13, 5, 0, 0, time.UTC)))
	plant := &desk.Plant{Profile: made.Profile, Log: made.Log, People: made.Staff, Custody: made.Custody, Batches: made.Batches, Release: made.Release}
	require.Same(t, plant.Shipments(), plant.Shipments())
	require.Same(t, plant.Batches.Shipments(), plant.Shipments())
	require.Same(t, plant.Phones(), plant.Phones())
	first, err := plant.Phones().Load(context.Background(), "0123ABCD-1")
	require.NoError(t, err)
	require.Empty(t, first.Events)
}
