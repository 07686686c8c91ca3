package uk.ac.manchester.tornado.api;

import io.github.tornadovit.emulator.EmulatedPlan;
import io.github.tornadovit.emulator.Profile;

/** The result of one execution: copies on demand, and the profile. */
public class TornadoExecutionResult {
  private final EmulatedPlan plan;
  private final Profile profile;

  TornadoExecutionResult(EmulatedPlan plan, Profile profile) {
    this.plan = plan;
    this.profile = profile;
  }

  public TornadoProfilerResult getProfilerResult() {
    return new TornadoProfilerResult(profile);
  }

  public TornadoExecutionResult transferToHost(Object... objects) {
    for (Object object : objects) {
      plan.download(object);
    }
    return this;
  }

  public TornadoExecutionResult transferToHost(DataRange range) {
    plan.download(range.getArray(), range.from(), range.count());
    return this;
  }

  public boolean isReady() {
    return true;
  }
}
