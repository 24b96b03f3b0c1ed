package pages_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/internal/people"
)

// The page of the containers makes tubes of the bag as the step does, with a scan and a balance, and shows what came of what.
func TestContainersPage_AT14(t *testing.T) {
	c := seville(t, "es")
	number := c.open("ES01-001")
	c.play(number, "S20")
	_, event := c.state(number)
	bag := event.OfKind("harvest-bag")[0]
	require.NoError(t, c.plant.Batches.Scan(t.Context(), c.author(people.Operator, false), number, 0, "S20", "bag_scan", bag.Label))
	c.enter(number, "S20", "tubes")
	at := "/batches/" + number + "/containers"
	ana := c.browser().signIn("ana")
	ana.get(at).ok().has("Recipientes", bag.ID.Print(), "Preparar: tubo de gradiente")
	form := []string{"form", "make", "kind", "tube", "manner", "split", "raw", bag.Label, "before", "100", "waste", "0"}
	ana.post(at+"/division", append(form, "volume", "50", "volume", "40,0")...).has("tolerancia").has(`value="40,0"`)
	ana.post(at+"/division", append(form, "volume", "50", "volume", "50,0")...).ok().has("50,0", "vacío, todo pasó a otros")
	b, _ := c.state(number)
	st, _ := b.Step("S20")
	require.Len(t, st.Prints, 2)
	require.Equal(t, batch.Queued, st.Prints[0].State)
	_, event = c.state(number)
	tube := event.OfKind("tube")[1]
	ana.post(at+"/tend", "form", "tend", "do", "destroy", "raw", tube.Label).has("motivo")
	ana.post(at+"/tend", "form", "tend", "do", "destroy", "raw", tube.Label, "reason", "se rompió en la centrífuga").ok().has("destruido")
}
