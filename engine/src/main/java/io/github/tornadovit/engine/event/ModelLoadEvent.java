package io.github.tornadovit.engine.event;

import io.github.tornadovit.kernels.backend.DeviceInfo;
import io.github.tornadovit.weights.checkpoint.Checkpoint;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** A checkpoint was opened and prepared to run. */
@Name(ModelLoadEvent.NAME)
@Label("Model Load")
@Category("tornado-vit")
@Description("A checkpoint was opened and prepared to run.")
@StackTrace(true)
public final class ModelLoadEvent extends Event {
  /** The event's name in a recording and in its settings. */
  public static final String NAME = "tornadovit.ModelLoad";

  @Label("Model")
  @Description("The folder of the checkpoint, or the name of an embedded one")
  public @Nullable String model;

  @Label("Device")
  @Description("What executes the forward passes")
  public @Nullable String device;

  @Label("Reason")
  @Description("Why this backend and device")
  public @Nullable String reason;

  @Label("Architecture")
  public @Nullable String architecture;

  /** An event that has not begun. */
  public ModelLoadEvent() {}

  /** Ends the event, and keeps it if a recording wants it. */
  public void finish(Checkpoint checkpoint, DeviceInfo on, String why) {
    end();
    if (shouldCommit()) {
      model = checkpoint.name();
      device = on.toString();
      reason = why;
      architecture = checkpoint.config().architecture().toString();
      commit();
    }
  }
}
