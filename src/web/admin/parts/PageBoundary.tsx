import { Component, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { Empty } from './States.tsx';

interface PageBoundaryProps {
  readonly children: ReactNode;
}

/** A page that fails, or cannot be fetched after an update, leaves the menu as it is. */
export class PageBoundary extends Component<PageBoundaryProps, { readonly hasFailed: boolean }> {
  override readonly state = { hasFailed: false };

  static getDerivedStateFromError() {
    return { hasFailed: true };
  }

  override render() {
    return this.state.hasFailed ? <Failed /> : this.props.children;
  }
}

function Failed() {
  const { t } = useTranslation();
  return (
    <Empty icon="alert" title={t('pageFailed.title')} hint={t('pageFailed.hint')}>
      <Button className="primary" onPress={() => location.reload()}>
        {t('pageFailed.reload')}
      </Button>
    </Empty>
  );
}
