package io.github.tornadovit.kernels.tornado;

import io.github.tornadovit.kernels.backend.BackendException;
import io.github.tornadovit.kernels.launch.Launches;
import io.github.tornadovit.kernels.launch.PackedWeight;
import io.github.tornadovit.kernels.launch.WeightPlacement;
import io.github.tornadovit.kernels.launch.WeightPlacement.Packed;
import io.github.tornadovit.kernels.launch.WeightPlacement.Place;
import io.github.tornadovit.kernels.tornado.ValueArrays.Allocation;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.ImmutableTaskGraph;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * What stays on the device for the programs that have weights in common: every weight once, the
 * arrays of values, which serve whichever program runs, and the count of launches. A program brings
 * what is missing. All is given back with the last plan: to free a graph TornadoVM frees the arrays
 * that it keeps, whoever brought them.
 *
 * <p>A buffer belongs to the graph that allocated it, in whichever execution plan that runs. So
 * every plan begins with the {@linkplain Loader loaders}: executed there again they upload nothing,
 * and hand over what they have to the graphs of the plan.
 *
 * <p>For the device's thread only, but for {@link #isBroken}.
 */
final class Residents {
  private static final Logger LOG = System.getLogger(Residents.class.getName());

  /** Numbers that a float holds. */
  private static final int MAX_RUN = 1 << 24;

  private final TornadoTarget target;
  private final String name;
  private final KernelContext context = new KernelContext();
  private final Map<PackedWeight, Place> places = new HashMap<>();
  private final ValueArrays floats = ValueArrays.ofFloats();
  private final ValueArrays halves = ValueArrays.ofHalves();
  private final IntArray launches = new IntArray(Launches.SIZE);
  private final List<TornadoNativeArray> arrays = new ArrayList<>();
  private final List<Loader> loaders = new ArrayList<>();
  private final List<TornadoPlan> open = new ArrayList<>();

  private long bytes;

  /** The number of the last run of all plans, which travels with its input. */
  private int run;

  /** After a failure TornadoVM's state is unknown: to execute again may end the process. */
  private volatile boolean broken;

  /**
   * Whether a copy may have failed. TornadoVM keeps an event for each copy, of one that failed a
   * wild pointer; to free memory releases it. So all is left as it is.
   */
  private boolean abandoned;

  /**
   * Brings arrays to the device.
   *
   * @param bring to execute first; uploads once
   * @param back the graph that, executed after that, brings them back
   * @param grids of both
   * @param arrays that it brings; it hands on those of the loaders before
   */
  record Loader(
      String name,
      ImmutableTaskGraph bring,
      ImmutableTaskGraph back,
      GridScheduler grids,
      List<TornadoNativeArray> arrays) {}

  /**
   * Where a program lies, with what it brings.
   *
   * @param to what it shares
   * @param floats of its values
   * @param halves of its float16 values
   * @param packed the weights that it brings
   * @param fresh the loader that brings what is not there; null if all is
   * @param bytes of that
   */
  record Admission(
      Residents to,
      Allocation floats,
      Allocation halves,
      Packed packed,
      @Nullable Loader fresh,
      long bytes) {

    /** All that the program's plan executes before anything else, one after the other. */
    List<Loader> loaders() {
      List<Loader> all = new ArrayList<>(to.loaders);
      if (fresh != null) {
        all.add(fresh);
      }
      return all;
    }

    /** Where a weight of the program lies. */
    Place place(PackedWeight weight) {
      Place there = to.places.get(weight);
      return there == null ? packed.place(weight) : there;
    }
  }

  /** Nothing yet. */
  Residents(TornadoTarget target, String name) {
    this.target = target;
    this.name = name;
    launches.init(-1); // No number of a run.
  }

  /** Whether a program may share: it has a weight that is there. */
  boolean serve(DeviceProgram program) {
    return !broken
        && program.weights().values().stream()
            .flatMap(Collection::stream)
            .anyMatch(places::containsKey);
  }

  /** Whether nothing is there. */
  boolean areNone() {
    return loaders.isEmpty();
  }

  /** Bytes of what a program needs and is not there. */
  long missingBytes(DeviceProgram program, int batch) {
    return missing(program, batch).mapToLong(Long::longValue).sum();
  }

  /** Bytes of the largest array among that. */
  long largestMissingBytes(DeviceProgram program, int batch) {
    long values = missingValues(program, batch).mapToLong(Long::longValue).max().orElse(0);
    return Math.max(values, missingWeights(program).largestBytes());
  }

  private Stream<Long> missing(DeviceProgram program, int batch) {
    long ofLaunches = loaders.isEmpty() ? (long) Float.BYTES * Launches.SIZE : 0;
    return Stream.concat(
        missingValues(program, batch), Stream.of(missingWeights(program).bytes(), ofLaunches));
  }

  private Stream<Long> missingValues(DeviceProgram program, int batch) {
    return Stream.concat(
        floats.missing(program.floats(), batch).stream().map(size -> Float.BYTES * size),
        halves.missing(program.halfFloats(), batch).stream().map(size -> Short.BYTES * size));
  }

  private WeightPlacement missingWeights(DeviceProgram program) {
    SequencedMap<String, List<PackedWeight>> missing = new LinkedHashMap<>();
    program
        .weights()
        .forEach(
            (section, weights) ->
                missing.put(
                    section,
                    weights.stream().filter(weight -> !places.containsKey(weight)).toList()));
    return new WeightPlacement(missing);
  }

  /** Packs and allocates for a program what is missing; changes nothing here. */
  Admission prepare(DeviceProgram program, int maxBatch) {
    Packed packed = missingWeights(program).pack();
    Allocation ofFloats = floats.allocate(program.floats(), maxBatch);
    Allocation ofHalves = halves.allocate(program.halfFloats(), maxBatch);
    List<TornadoNativeArray> fresh = new ArrayList<>(ofFloats.fresh());
    fresh.addAll(ofHalves.fresh());
    fresh.addAll(packed.arrays());
    if (loaders.isEmpty()) {
      fresh.add(launches);
    }
    Loader loader = fresh.isEmpty() ? null : loader(fresh);
    return new Admission(this, ofFloats, ofHalves, packed, loader, missingBytes(program, maxBatch));
  }

  private @Nullable String newestLoader() {
    return loaders.isEmpty() ? null : loaders.getLast().name();
  }

  private Loader loader(List<TornadoNativeArray> fresh) {
    String loader = name + "_load_" + loaders.size();
    Object[] before = arrays.toArray();
    Object[] brought = fresh.toArray();
    GridScheduler grids = new GridScheduler();
    return new Loader(
        loader,
        UploadGraph.ofResidents(loader, newestLoader(), before, brought, grids, context),
        UploadGraph.back(loader, grids, context, brought),
        grids,
        List.copyOf(fresh));
  }

  /** A program's plan, which is about to execute its loader. */
  void admit(TornadoPlan plan, Admission admission) {
    open.add(plan);
    bytes += admission.bytes();
    target.use().take(admission.bytes());
    places.putAll(admission.packed().places());
    floats.add(admission.floats());
    halves.add(admission.halves());
    if (admission.fresh() != null) {
      loaders.add(admission.fresh());
      arrays.addAll(admission.fresh().arrays());
    }
  }

  /** A number that no run before had: what the kernels counted then is still on the device. */
  int nextRun() {
    run = run % MAX_RUN + 1;
    return run;
  }

  /** Where the kernels count their launches. */
  IntArray launches() {
    return launches;
  }

  /** Whether the device failed one of the plans, and so all: they have to be made anew. */
  boolean isBroken() {
    return broken;
  }

  /**
   * The device failed.
   *
   * @param copy whether a copy may have failed
   */
  void fail(boolean copy) {
    broken = true;
    abandoned |= copy;
    target.use().distrust();
  }

  /** A plan is closed. Frees its inputs, with the last plan everything. */
  void leave(TornadoPlan plan) {
    open.remove(plan);
    if (abandoned) {
      LOG.log(
          Level.DEBUG,
          "{0} MiB of device ''{1}'' stay taken until this process ends: the device failed",
          Math.ceilDiv(bytes, 1L << 20),
          target.name());
      return;
    }
    try {
      free(plan::freeInputs);
    } finally {
      if (open.isEmpty()) {
        freeAll();
      }
      plan.forgetReplays(open.isEmpty());
    }
  }

  /** Whether no plan is open any more. */
  boolean isLeft() {
    return open.isEmpty();
  }

  private void freeAll() {
    target.use().take(-bytes);
    // The newest loader keeps what all have brought, unless it never ran.
    List<Loader> newestFirst = loaders.reversed();
    for (Loader loader : broken ? newestFirst : newestFirst.subList(0, 1)) {
      free(() -> new TornadoExecutionPlan(loader.bring()).freeDeviceMemory());
    }
  }

  private void free(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException | Error failure) {
      if (!broken) {
        throw new BackendException(
            "tornado", "could not be closed: " + DeviceThread.summary(failure), failure);
      }
      LOG.log(Level.DEBUG, "closing a plan that had failed", failure);
    }
  }
}
