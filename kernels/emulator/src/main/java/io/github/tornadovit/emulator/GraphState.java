package io.github.tornadovit.emulator;

import io.github.tornadovit.emulator.Faults.Operation;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.KernelContext;

/** A graph on the device: its definition and its buffers. */
final class GraphState {
  final GraphDefinition definition;
  private final Map<Object, DeviceBuffer> buffers = new LinkedHashMap<>();
  private boolean copyFailed;

  GraphState(GraphDefinition definition) {
    this.definition = definition;
  }

  Collection<DeviceBuffer> buffers() {
    return buffers.values();
  }

  @Nullable DeviceBuffer buffer(Object array) {
    return buffers.get(array);
  }

  /** The buffer of an array that {@link #upload} has seen. */
  DeviceBuffer uploaded(Object array) {
    return Objects.requireNonNull(buffers.get(array));
  }

  /** Whether an operation of TornadoVM's native code left an event unset. */
  boolean copyFailed() {
    return copyFailed;
  }

  /** A launch failed without a word: what the task would have written is as it was. */
  void leave(TaskNode task) {
    for (Object argument : task.arguments()) {
      if (HostArray.isArray(argument)) {
        uploaded(argument).excuse();
      }
    }
  }

  /** Frees, as TornadoVM does, what the graph uploads, copies out and keeps, others' as well. */
  void free() {
    Set<Object> arrays = new LinkedHashSet<>(definition.uploads().keySet());
    arrays.addAll(definition.left());
    for (Object array : arrays) {
      DeviceBuffer buffer = buffers.get(array);
      if (buffer != null) {
        buffer.free();
      }
    }
    buffers.clear();
  }

  /** Takes over the buffers that the graph before left on the device. */
  void consume(@Nullable GraphState previous) {
    for (Map.Entry<Object, String> entry : definition.consumed().entrySet()) {
      Object array = entry.getKey();
      String what =
          "an array of %d from graph '%s'".formatted(HostArray.size(array), entry.getValue());
      if (previous == null) {
        throw fault("consumes " + what + ", but no graph ran before");
      }
      DeviceBuffer left = previous.buffer(array);
      if (left == null || !previous.definition.persisted().contains(array)) {
        throw fault(
            "consumes %s, but graph '%s', which ran before, does not persist it"
                .formatted(what, previous.definition.name()));
      }
      if (left.freed()) {
        throw fault("consumes " + what + ", which was freed");
      }
      left.settle();
      buffers.put(array, left);
    }
  }

  /**
   * Makes buffers and copies what has to be copied. Arrays that the graph makes for itself hold
   * nothing again.
   *
   * @return bytes copied
   */
  long upload() {
    long bytes = 0;
    for (Map.Entry<Object, Boolean> entry : definition.uploads().entrySet()) {
      Object array = entry.getKey();
      DeviceBuffer buffer = buffers.get(array);
      if (buffer == null || entry.getValue()) {
        DeviceBuffer target = own(array);
        if (Faults.strike(Operation.COPY_IN, HostArray.describe(array)) || target.refused()) {
          copyFailed = true;
          target.excuse();
        } else {
          target.upload(HostArray.data(array));
        }
        bytes += HostArray.data(array).byteSize();
      }
    }
    for (TaskNode task : definition.tasks()) {
      for (Object argument : task.arguments()) {
        if (HostArray.isArray(argument)) {
          DeviceBuffer buffer = own(argument);
          if (!definition.uploads().containsKey(argument)
              && !definition.consumed().containsKey(argument)
              && !definition.persisted().contains(argument)) {
            buffer.forget();
          }
        }
      }
    }
    buffers.values().forEach(DeviceBuffer::beginExecution);
    return bytes;
  }

  private DeviceBuffer own(Object array) {
    return buffers.computeIfAbsent(
        array,
        key -> {
          boolean refused = Faults.strike(Operation.ALLOCATE, HostArray.describe(key));
          return new DeviceBuffer(HostArray.size(key), HostArray.elementBytes(key), refused);
        });
  }

  /**
   * Copies the outputs to the host; returns the number of bytes. TornadoVM copies what the code of
   * a task may write. The emulator sees only what is written, and so lets pass what was on the
   * device before.
   */
  long download() {
    long bytes = 0;
    for (Object array : definition.outputs()) {
      DeviceBuffer buffer = buffers.get(array);
      boolean wasThere = definition.consumed().containsKey(array);
      if (buffer == null || !(buffer.anyWritten() || wasThere)) {
        throw fault(
            "transfers an array of %d to the host that none of its tasks writes; TornadoVM would not copy it"
                .formatted(HostArray.size(array)));
      }
      download(array, buffer, 0, HostArray.size(array));
      bytes += HostArray.data(array).byteSize();
    }
    return bytes;
  }

  void download(Object array, DeviceBuffer buffer, int from, int count) {
    if (Faults.strike(Operation.COPY_OUT, HostArray.describe(array)) || buffer.refused()) {
      copyFailed = true;
      return;
    }
    int hole = buffer.download(HostArray.data(array), from, count);
    if (hole >= 0) {
      throw fault(
          "transfers an array of %d (%s) to the host, but nothing ever wrote index %d"
              .formatted(HostArray.size(array), buffer.label(), hole));
    }
  }

  /** Whether a task takes a KernelContext. */
  static boolean takesContext(TaskNode task) {
    for (Object argument : task.arguments()) {
      if (argument instanceof KernelContext) {
        return true;
      }
    }
    return false;
  }

  EmulatorException fault(String problem) {
    return new EmulatorException("graph '" + definition.name() + "' " + problem);
  }
}
