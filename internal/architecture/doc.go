// Package architecture holds no code: its tests keep the house in order. They read the real imports of every package
// and fail when one goes upward, when a dependency is used outside its one room, and when the diagram in
// docs/architecture.md is not the one that the imports draw. Which room is where: rooms_test.go.
package architecture
