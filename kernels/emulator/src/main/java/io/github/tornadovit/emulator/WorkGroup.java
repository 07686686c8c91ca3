package io.github.tornadovit.emulator;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One group in one trial: its work-items in the order of the trial, its local memory, its barrier.
 */
final class WorkGroup {
  private final LocalMemory local;
  private final WorkItem[] items;
  private final boolean comparePlaces;
  private @Nullable Coroutines coroutines;

  /**
   * Creates the group.
   *
   * @param group its linear number; in the first and the last one, which differ most in what their
   *     work-items do, the places of the barriers are compared too
   */
  WorkGroup(Launch launch, int group, boolean ascending, LocalMemory.Poison poison) {
    comparePlaces = ascending && (group == 0 || group == launch.range().groups().count() - 1);
    local = new LocalMemory(launch, poison);
    items = new WorkItem[launch.range().local().count()];
    for (int i = 0; i < items.length; i++) {
      items[ascending ? i : items.length - 1 - i] = launch.item(group, i, this);
    }
  }

  LocalMemory local() {
    return local;
  }

  /** Runs the kernel for every work-item. */
  void run(Launch launch, Consumer<WorkItem> kernel) {
    coroutines = new Coroutines(launch, items, kernel, comparePlaces);
    coroutines.run();
  }

  void barrier() {
    if (coroutines == null) {
      throw new IllegalStateException("no work-item runs");
    }
    coroutines.barrier();
  }
}
