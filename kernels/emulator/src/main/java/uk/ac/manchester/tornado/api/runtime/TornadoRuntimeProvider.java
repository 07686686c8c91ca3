package uk.ac.manchester.tornado.api.runtime;

import io.github.tornadovit.emulator.EmulatedDevice;
import uk.ac.manchester.tornado.api.TornadoRuntime;

/** The way to the runtime. */
public class TornadoRuntimeProvider {
  private TornadoRuntimeProvider() {}

  public static TornadoRuntime getTornadoRuntime() {
    return EmulatedDevice.runtime();
  }
}
