package io.github.tornadovit.kernels.tornado;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.fuzz.Guard;
import io.github.tornadovit.kernels.fuzz.Trial;
import io.github.tornadovit.kernels.launch.DeviceOperation;
import io.github.tornadovit.kernels.launch.Launch;
import io.github.tornadovit.kernels.launch.Launches;
import io.github.tornadovit.kernels.launch.PackedWeight;
import io.github.tornadovit.kernels.launch.Task;
import io.github.tornadovit.kernels.launch.TaskRecorder;
import io.github.tornadovit.kernels.launch.Tile;
import io.github.tornadovit.kernels.launch.Tiling;
import io.github.tornadovit.kernels.launch.WeightPlacement;
import io.github.tornadovit.kernels.launch.WeightPlacement.Packed;
import io.github.tornadovit.kernels.launch.WeightPlacement.Place;
import io.github.tornadovit.kernels.linear.TornadoHalfLinear;
import io.github.tornadovit.kernels.linear.TornadoLinear;
import io.github.tornadovit.kernels.program.Buffer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Runs one operation's kernel on a device of TornadoVM or of the emulator, with guards after every
 * buffer and around the weights. Before a buffer there is nothing to guard, as kernels index arrays
 * from their first element.
 *
 * <p>TornadoVM uploads only what a kernel reads and returns only what one writes, so the output is
 * filled by a copying kernel before the operation, and what must not change is copied by one after.
 */
public final class GuardedLaunch implements TaskRecorder {
  /**
   * Floats after a buffer; no multiple of a group, so that the last one of the guards runs over.
   */
  private static final int GUARDS = 71;

  /** Floats before and after the weights. */
  private static final int WEIGHT_GUARDS = 19;

  private static final AtomicInteger LAUNCHES = new AtomicInteger();

  private final TornadoTarget target;
  private final Trial trial;
  private final Tiling tiling;
  private final TaskGraph graph = new TaskGraph("fuzz_" + LAUNCHES.incrementAndGet());
  private final GridScheduler grids = new GridScheduler();
  private final KernelContext context = new KernelContext();
  private final Map<Buffer, FloatArray> arrays = new HashMap<>();
  private final Map<Buffer, HalfFloatArray> halfArrays = new HashMap<>();
  private final IntArray launches = new IntArray(Launches.SIZE);
  private Packed weights = new Packed(List.of(), Map.of());
  private final Deque<Launch> planned = new ArrayDeque<>();
  private int tasks;

  /** Makes a kernel. */
  @FunctionalInterface
  public interface Kernels {
    DeviceOperation kernel(Trial trial);
  }

  private GuardedLaunch(TornadoTarget target, Trial trial) {
    this.target = target;
    this.trial = trial;
    // Each tile of products takes its turn where a shape allows it; a device would choose one.
    List<Tile> tiles =
        trial.operation().precision() == Precision.F16
            ? TornadoHalfLinear.TILES
            : TornadoLinear.TILES;
    tiling =
        Tiling.of(1)
            .with(Map.of(trial.operation().output(), tiles.get(trial.outputSize() % tiles.size())));
  }

  /**
   * What the device's kernel for the operation gives.
   *
   * @return the output with its guards
   */
  public static float[] run(int device, Trial trial) {
    return run(device, trial, of -> DeviceProgram.kernel(of.operation(), Set.of()));
  }

  /** What another kernel gives. */
  public static float[] run(int device, Trial trial, Kernels kernels) {
    TornadoVm vm = TornadoVm.ofThisJvm();
    TornadoTarget target = vm.target(Integer.toString(device));
    return vm.thread().call(() -> new GuardedLaunch(target, trial).execute(kernels));
  }

  private float[] execute(Kernels kernels) throws Exception {
    DeviceOperation kernel = kernels.kernel(trial);
    List<PackedWeight> guarded = new ArrayList<>(kernel.weights());
    if (!guarded.isEmpty()) {
      guarded.addFirst(new Guards("before"));
      guarded.addLast(new Guards("after"));
    }
    weights = new WeightPlacement(new TreeMap<>(Map.of("guarded", guarded))).pack();
    Buffer output = trial.operation().output();
    List<Object> uploads = new ArrayList<>(weights.arrays());
    uploads.add(launches);
    FloatArray before = guardedArray(output);
    uploads.add(before);
    FloatArray y = new FloatArray(before.getSize());
    arrays.put(output, y);
    Map<Buffer, FloatArray> copies = new LinkedHashMap<>();
    for (Buffer input : trial.operation().inputs()) {
      if (!arrays.containsKey(input)) {
        FloatArray array = guardedArray(input);
        arrays.put(input, array);
        uploads.add(array);
        copies.put(input, new FloatArray(array.getSize()));
      }
    }
    graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, uploads.toArray());
    copy(before, y);
    planned.addAll(kernel.launches(trial.batch(), tiling));
    kernel.record(this);
    copies.forEach((input, copy) -> copy(array(input), copy));
    graph.transferToHost(DataTransferMode.EVERY_EXECUTION, y);
    copies.values().forEach(copy -> graph.transferToHost(DataTransferMode.EVERY_EXECUTION, copy));
    try (TornadoExecutionPlan plan =
        new TornadoExecutionPlan(graph.snapshot()).withDevice(target.device())) {
      plan.withGridScheduler(grids).execute();
      plan.freeDeviceMemory();
    }
    copies.forEach(
        (input, copy) -> {
          float[] was = array(input).toHeapArray();
          Guard.checkUnchanged("input " + input.name(), copy.toHeapArray(), was, 0, was.length);
        });
    return y.toHeapArray();
  }

  /** Guards in the array of the weights. */
  private record Guards(String where) implements PackedWeight {
    @Override
    public long bytes() {
      return (long) Float.BYTES * WEIGHT_GUARDS;
    }

    @Override
    public void writeTo(MemorySegment destination) {
      for (int i = 0; i < WEIGHT_GUARDS; i++) {
        destination.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i, Guard.VALUE);
      }
    }
  }

  private FloatArray guardedArray(Buffer buffer) {
    int size = trial.batch() * buffer.size();
    FloatArray array = new FloatArray(size + GUARDS);
    array.init(Guard.VALUE);
    float[] contents = trial.contents().get(buffer);
    for (int i = 0; contents != null && i < size; i++) {
      array.set(i, contents[i]);
    }
    return array;
  }

  private void copy(FloatArray from, FloatArray to) {
    int size = from.getSize();
    planned.addFirst(Launch.elementwise("guard", size));
    task(GuardedLaunch::copy, from, to, size);
  }

  /** The kernel that copies. */
  public static void copy(
      KernelContext context, IntArray launches, FloatArray x, FloatArray y, int size) {
    Launches.count(context, launches);
    int at = context.globalIdx;
    if (at < size) {
      y.set(at, x.get(at));
    }
  }

  @Override
  public int batch() {
    return trial.batch();
  }

  @Override
  public Tiling tiling() {
    return tiling;
  }

  @Override
  public FloatArray array(Buffer buffer) {
    return arrays.computeIfAbsent(
        buffer, scratch -> new FloatArray(trial.batch() * scratch.size()));
  }

  @Override
  public HalfFloatArray halves(Buffer buffer) {
    return halfArrays.computeIfAbsent(
        buffer, scratch -> new HalfFloatArray(trial.batch() * scratch.size()));
  }

  @Override
  public Place place(PackedWeight weight) {
    return weights.place(weight);
  }

  @Override
  public void add(Task task) {
    Launch launch = planned.remove();
    String id = launch.kernel() + "_" + tasks++;
    grids.addWorkerGrid(graph.getTaskGraphName() + "." + id, GraphRecorder.grid(launch));
    task.adder().add(graph, id, context, launches);
  }
}
