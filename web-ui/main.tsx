/** Starts the page. */
import { render } from 'preact';
import { App } from './app.tsx';
import { startSession } from './state/session.ts';
import { startTheme } from './state/theme.ts';
import './styles/main.css';

startTheme();
const root = document.getElementById('app');
if (root) void startSession().then(() => render(<App />, root));
