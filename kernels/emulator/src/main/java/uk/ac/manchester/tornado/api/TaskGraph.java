package uk.ac.manchester.tornado.api;

import io.github.tornadovit.emulator.GraphDefinition;
import io.github.tornadovit.emulator.TaskNode;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;

/** A sequence of tasks and of the transfers before and after them. */
public class TaskGraph extends WideTaskOverloads {
  private final GraphDefinition definition;

  public TaskGraph(String name) {
    definition = new GraphDefinition(name);
  }

  public String getTaskGraphName() {
    return definition.name();
  }

  public TaskGraph transferToDevice(int mode, Object... objects) {
    definition.toDevice(mode, objects);
    return this;
  }

  public TaskGraph transferToHost(int mode, Object... objects) {
    definition.toHost(mode, objects);
    return this;
  }

  public TaskGraph persistOnDevice(Object... objects) {
    return transferToHost(DataTransferMode.UNDER_DEMAND, objects);
  }

  public TaskGraph consumeFromDevice(String graphName, Object... objects) {
    definition.consume(graphName, objects);
    return this;
  }

  public TaskGraph consumeFromDevice(Object... objects) {
    return consumeFromDevice(definition.name(), objects);
  }

  public ImmutableTaskGraph snapshot() {
    return new ImmutableTaskGraph(definition.snapshot());
  }

  @Override
  TaskGraph add(String name, Object kernel, TaskNode.Body body, Object... arguments) {
    definition.task(name, kernel.getClass(), body, arguments);
    return this;
  }
}
