package dev.augur.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.function.IntConsumer;

/**
 * The signals of the operating system. The JDK offers a second signal during a shutdown in {@code sun.misc.Signal}
 * alone, which javac will not compile without a warning; so it is called by name. Used once, on the main thread.
 */
final class Signals {
    private Signals() {}

    /**
     * Calls the handler with the signal's number, on a thread of its own, each time one of these signals comes.
     *
     * @param names without {@code SIG}: {@code TERM}, {@code INT}
     */
    static void on(IntConsumer handler, String... names) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> signalHandler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler call = (proxy, method, arguments) -> {
                if (method.getName().equals("handle")) {
                    handler.accept((int) signal.getMethod("getNumber").invoke(arguments[0]));
                    return null;
                }
                return method.getName().equals("equals") ? proxy == arguments[0] : (Object) handler.hashCode();
            };
            Object proxy = Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {signalHandler}, call);
            for (String name : names) {
                signal.getMethod("handle", signal, signalHandler)
                        .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JDK has no sun.misc.Signal", e);
        }
    }
}
