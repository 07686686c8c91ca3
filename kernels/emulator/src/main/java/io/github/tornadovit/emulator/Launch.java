package io.github.tornadovit.emulator;

import io.github.tornadovit.emulator.LocalMemory.Poison;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One execution of one kernel over its ND-range, group after group.
 *
 * <p>Work-items are tried alone first, which is quick: conflicts in device memory are found cell by
 * cell in any order. From the first group that allocates local memory or reaches a barrier, groups
 * run as such: the first, the last and every third twice, in either order, the others in one of the
 * two, as what a race needs is in every group of a kernel or in those at its edges.
 */
final class Launch {
  /** Of so many groups, one runs in both orders. */
  private static final int BOTH_ORDERS = 3;

  private final String task;
  private final NdRange range;
  private final Consumer<WorkItem> kernel;
  private final List<Argument> arguments;

  /** The work-item that runs; one at a time does, and hand-overs publish it. */
  private WorkItem current;

  private boolean together;

  /** A device array of the launch. */
  record Argument(DeviceBuffer buffer, boolean floats) {}

  Launch(String task, NdRange range, List<Argument> arguments, Consumer<WorkItem> kernel) {
    this.task = task;
    this.range = range;
    this.arguments = arguments;
    this.kernel = kernel;
    this.current = item(0, 0, null);
  }

  NdRange range() {
    return range;
  }

  int current() {
    return current.id();
  }

  void current(WorkItem item) {
    current = item;
  }

  /** The work-item at a linear position of a group, itself given by its linear number. */
  WorkItem item(int group, int position, @Nullable WorkGroup within) {
    Extent local = range.local();
    int id = group * local.count() + position + 1;
    return new WorkItem(range, range.groups().place(group), local.place(position), id, within);
  }

  void run() {
    for (int group = 0; group < range.groups().count(); group++) {
      run(group);
    }
  }

  private void run(int group) {
    if (!together) {
      together = !runAlone(group);
    }
    if (together) {
      runTogether(group);
    }
    commit();
  }

  private boolean runAlone(int group) {
    try {
      for (int i = 0; i < range.local().count(); i++) {
        current = item(group, i, null);
        kernel.accept(current);
      }
      return true;
    } catch (WorkItem.NeedsGroup e) {
      rollBack();
      return false;
    } catch (RuntimeException | Error e) {
      throw failed(e);
    }
  }

  private void runTogether(int group) {
    boolean twice = group % BOTH_ORDERS == 0 || group == range.groups().count() - 1;
    if (!twice) {
      boolean ascending = group % 2 == 0;
      trial(group, ascending, ascending ? Poison.NAN : Poison.FINITE);
      return;
    }
    trial(group, true, Poison.NAN);
    List<DeviceBuffer.Written> ascending = rollBack();
    trial(group, false, Poison.FINITE);
    String difference = difference(ascending);
    if (difference == null) {
      return;
    }
    // The same order with other poison tells a read of nothing from a race.
    rollBack();
    trial(group, true, Poison.FINITE);
    boolean unwritten = difference(ascending) != null;
    String cause =
        unwritten
            ? "depends on local memory that no work-item wrote"
            : "depends on the order of its work-items: a race in local memory, a barrier is missing";
    throw new EmulatorException(
        "task '%s', group %s: the result %s; %s"
            .formatted(task, range.groups().place(group), cause, difference));
  }

  private void trial(int group, boolean ascending, Poison poison) {
    new WorkGroup(this, group, ascending, poison).run(this, kernel);
  }

  private void commit() {
    for (Argument argument : arguments) {
      argument.buffer.commit();
    }
  }

  private List<DeviceBuffer.Written> rollBack() {
    List<DeviceBuffer.Written> written = new ArrayList<>();
    for (Argument argument : arguments) {
      written.add(argument.buffer.rollBack());
    }
    return written;
  }

  private @Nullable String difference(List<DeviceBuffer.Written> earlier) {
    for (int i = 0; i < arguments.size(); i++) {
      Argument argument = arguments.get(i);
      String difference = argument.buffer.difference(earlier.get(i), argument.floats);
      if (difference != null) {
        return difference;
      }
    }
    return null;
  }

  // --- Faults ---

  /** A fault of the work-item that runs. */
  EmulatorException fault(String problem) {
    return fault(Frames.kernelLine(), problem);
  }

  /** A fault of the work-item that runs, at a line of the kernel; an empty one is not told. */
  EmulatorException fault(String line, String problem) {
    String where = line.isEmpty() ? "" : " in " + line;
    return new EmulatorException(
        "task '%s', %s%s %s".formatted(task, describe(current.id()), where, problem));
  }

  /** An exception of a kernel, with the work-item that threw it. */
  EmulatorException failed(Throwable thrown) {
    if (thrown instanceof EmulatorException fault) {
      return fault;
    }
    return new EmulatorException(
        "task '%s', %s in %s throws %s"
            .formatted(
                task, describe(current.id()), Frames.kernelLine(thrown.getStackTrace()), thrown),
        thrown);
  }

  /** Names a work-item by its place. */
  String describe(int id) {
    int groupSize = range.local().count();
    int group = (id - 1) / groupSize;
    WorkItem item = item(group, (id - 1) % groupSize, null);
    var place = new Extent(item.global(0), item.global(1), item.global(2));
    return "work-item " + place + " of group " + range.groups().place(group);
  }
}
