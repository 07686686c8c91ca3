package io.github.tornadovit.engine.event;

import io.github.tornadovit.kernels.backend.DeviceInfo;
import io.github.tornadovit.kernels.backend.Plan;
import io.github.tornadovit.kernels.program.Program;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/**
 * A forward pass was prepared for a device: weights packed or copied, buffers allocated, on a GPU
 * kernels tried.
 */
@Name(PlanBuildEvent.NAME)
@Label("Plan Build")
@Category("tornado-vit")
@Description(
    "A forward pass was prepared for a device: weights packed or copied, buffers allocated, on a GPU kernels tried.")
@StackTrace(true)
public final class PlanBuildEvent extends Event {
  /** The event's name in a recording and in its settings. */
  public static final String NAME = "tornadovit.PlanBuild";

  @Label("Model")
  public @Nullable String model;

  @Label("Device")
  public @Nullable String device;

  @Label("Operations")
  @Description("Operations of a forward pass")
  public int operations;

  @Label("Batch Asked For")
  @Description("Images per forward pass that were asked for")
  public int askedBatch;

  @Label("Largest Batch")
  @Description("Images per forward pass that the plan takes; fewer where memory is short")
  public int maxBatch;

  /** An event that has not begun. */
  public PlanBuildEvent() {}

  /** Ends the event, and keeps it if a recording wants it. */
  public void finish(String ofModel, DeviceInfo on, Program program, Plan plan, int asked) {
    end();
    if (shouldCommit()) {
      model = ofModel;
      device = on.toString();
      operations = program.operations().size();
      askedBatch = asked;
      maxBatch = plan.maxBatch();
      commit();
    }
  }
}
