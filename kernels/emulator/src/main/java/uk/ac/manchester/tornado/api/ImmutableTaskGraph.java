package uk.ac.manchester.tornado.api;

import io.github.tornadovit.emulator.GraphDefinition;

/** A task graph that no longer changes. */
public class ImmutableTaskGraph {
  final GraphDefinition definition;

  ImmutableTaskGraph(GraphDefinition definition) {
    this.definition = definition;
  }
}
