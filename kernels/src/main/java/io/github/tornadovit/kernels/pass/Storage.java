package io.github.tornadovit.kernels.pass;

import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Operation;
import io.github.tornadovit.kernels.program.Program;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * In which array each value of a program lies. A value is needed from the operation that writes it
 * to the last one that reads it; values that are not needed at the same time share an array. An
 * operation that {@linkplain Operation#overwritable may} writes over an input that nothing reads
 * afterwards: so residual branches add to one array from the first block to the last.
 *
 * <p>Values are placed by size, the largest first, each in the smallest array that is free as long
 * as the value is needed (Pisarchyk and Lee 2020, "Efficient memory management for deep neural net
 * inference", shared objects by size).
 */
public final class Storage {
  private final Map<Buffer, Integer> arrays = new LinkedHashMap<>();
  private final List<Long> sizes = new ArrayList<>();

  /** Values that lie in one place one after the other, from an operation to another. */
  private static final class Tenant {
    final List<Buffer> values = new ArrayList<>();
    final int first;
    int last;

    /** Shares its array with no other. */
    boolean alone;

    Tenant(Buffer value, int first) {
      values.add(value);
      this.first = first;
      last = first;
    }

    long size() {
      Buffer first = values.getFirst();
      return (long) first.rows() * first.columns();
    }

    boolean meets(Tenant other) {
      return alone || other.alone || (first <= other.last && other.first <= last);
    }
  }

  private Storage() {}

  /** An array for each value. */
  public static Storage separate(Collection<Buffer> values) {
    Storage storage = new Storage();
    values.forEach(value -> storage.place(List.of(new Tenant(value, 0))));
    return storage;
  }

  /** Of a program on the host: the caller's input is copied in, outputs are copied out. */
  public static Storage onHost(Program program) {
    return onHost(program, value -> true);
  }

  /** The same for some of the values. */
  public static Storage onHost(Program program, Predicate<Buffer> held) {
    List<List<Buffer>> none = Collections.nCopies(program.operations().size(), List.of());
    return new Assignment(program, none, false, held).storage();
  }

  /**
   * Of a program on a device. Its input has an array per batch size and none here; outputs, whose
   * arrays come back whole, have one each.
   *
   * @param scratch of each operation, in order: what its kernels hand on to one another
   * @param held which values lie in it
   */
  public static Storage onDevice(
      Program program, List<List<Buffer>> scratch, Predicate<Buffer> held) {
    return new Assignment(program, scratch, true, held).storage();
  }

  /** The array of a value. */
  public int array(Buffer value) {
    Integer array = arrays.get(value);
    if (array == null) {
      throw new IllegalArgumentException("buffer " + value + " is not in this program");
    }
    return array;
  }

  /** All values, in the order of the arrays. */
  public Collection<Buffer> values() {
    return arrays.keySet();
  }

  /** Of each array, elements per image. */
  public List<Long> sizes() {
    return Collections.unmodifiableList(sizes);
  }

  /** Bytes of all arrays for a batch, in float32. */
  public long bytes(int batch) {
    return Float.BYTES * elements() * batch;
  }

  /** Elements of all arrays, per image. */
  public long elements() {
    return sizes.stream().mapToLong(Long::longValue).sum();
  }

  /** A new array. */
  private void place(List<Tenant> tenants) {
    for (Tenant tenant : tenants) {
      tenant.values.forEach(value -> arrays.put(value, sizes.size()));
    }
    sizes.add(tenants.getFirst().size());
  }

  /** Finds out what is needed when. */
  private static final class Assignment {
    private final Program program;
    private final boolean device;
    private final Predicate<Buffer> held;
    private final List<Tenant> tenants = new ArrayList<>();
    private final Map<Buffer, Tenant> tenantOf = new LinkedHashMap<>();
    private final Map<Buffer, Integer> lastReads = new LinkedHashMap<>();

    Assignment(
        Program program, List<List<Buffer>> scratch, boolean device, Predicate<Buffer> held) {
      this.program = program;
      this.device = device;
      this.held = held;
      List<Operation> operations = program.operations();
      for (int i = 0; i < operations.size(); i++) {
        for (Buffer input : operations.get(i).inputs()) {
          lastReads.put(input, i);
        }
      }
      program.outputs().forEach(output -> lastReads.put(output, operations.size()));
      if (!device) {
        admit(program.input(), -1);
      }
      for (int i = 0; i < operations.size(); i++) {
        write(operations.get(i), i);
        for (Buffer buffer : scratch.get(i)) {
          admit(buffer, i);
        }
      }
    }

    private void write(Operation operation, int at) {
      Buffer output = operation.output();
      if (!held.test(output)) {
        return;
      }
      Tenant taken = null;
      for (Buffer input : operation.overwritable()) {
        boolean once = Collections.frequency(operation.inputs(), input) == 1;
        if (once && lastReads.getOrDefault(input, at) == at && tenantOf.containsKey(input)) {
          taken = tenantOf.get(input);
        }
      }
      if (taken == null || isAlone(output)) {
        admit(output, at);
      } else {
        taken.values.add(output);
        taken.last = lastReads.getOrDefault(output, at);
        tenantOf.put(output, taken);
      }
    }

    private void admit(Buffer value, int at) {
      if (!held.test(value)) {
        return;
      }
      Tenant tenant = new Tenant(value, at);
      tenant.last = Math.max(at, lastReads.getOrDefault(value, at));
      tenant.alone = isAlone(value);
      tenants.add(tenant);
      tenantOf.put(value, tenant);
    }

    private boolean isAlone(Buffer value) {
      return device && program.outputs().contains(value);
    }

    Storage storage() {
      List<List<Tenant>> shared = new ArrayList<>();
      tenants.sort(Comparator.comparingLong(Tenant::size).reversed()); // Stable: else as written.
      for (Tenant tenant : tenants) {
        // The last array is the smallest.
        shared.reversed().stream()
            .filter(others -> others.stream().noneMatch(tenant::meets))
            .findFirst()
            .ifPresentOrElse(
                others -> others.add(tenant), () -> shared.add(new ArrayList<>(List.of(tenant))));
      }
      Storage storage = new Storage();
      shared.forEach(storage::place);
      return storage;
    }
  }
}
